#pragma once
#include "shared/schema/attachment.hpp"
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// Notes the files that a record names since an edit of this device. Part of the transaction that stores the record.
void refer_to_attachments(Hub::Inside& hub, std::int64_t document, const schema::Record& record, const DeviceId& by);

} // namespace roadbook::server
