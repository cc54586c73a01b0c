#pragma once
// A picture of a page, without a person: for manuals, and to see that an installation works.
#include "mobile-app/app/options.hpp"
#include "mobile-app/viewmodels/app_view_model.hpp"

class QQuickView;

namespace roadbook::app {

/// Waits until the replica is open, opens the page, writes the picture and ends the application: status 0, or 1 with a message when the
/// replica does not open, there is no such page or record, or the file cannot be written.
void take_screenshot(QQuickView& view, viewmodels::AppViewModel& app, viewmodels::RecordSource& records, const Options& options);

} // namespace roadbook::app
