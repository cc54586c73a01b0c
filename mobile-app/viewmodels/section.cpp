#include "mobile-app/viewmodels/section.hpp"

namespace roadbook::viewmodels {

void Section::show(std::vector<Row> rows)
{
    all_ = std::move(rows);
    fill();
}

void Section::unfold()
{
    unfolded_ = true;
    fill();
}

void Section::fill()
{
    auto shown = all_;
    if (folded()) shown.resize(folded_rows);
    rows_.show(std::move(shown));
    emit changed();
}

} // namespace roadbook::viewmodels
