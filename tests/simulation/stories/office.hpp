#pragma once
// The people whom several stories have in common.
#include "tests/simulation/stories/stage.hpp"
#include "tests/simulation/stories/views.hpp"

namespace roadbook::simulation::stories {

/// Mona leads the reps Ann and Ben. Ann holds the north, with the customer Acme.
struct Office {
    RecordId mona, ann, ben, north, acme, widget;

    void open(Stage& stage)
    {
        mona = stage.hire("Mona", "manager");
        ann = stage.hire("Ann", "rep", mona);
        ben = stage.hire("Ben", "rep", mona);
        north = stage.put("territory", {{"name", text("North")}, {"holder", ann}});
        widget = stage.put("product", {{"name", text("Widget")}, {"price", Money{1000, "EUR"}}});
        acme = stage.put("account", {{"name", text("Acme")}, {"territory", north}});
    }
    /// So both reps have Acme.
    void ben_covers(Stage& stage)
    {
        auto cover = testing::edit(north, "territory", {});
        cover.steps = {{"covers", stage.new_child(), true, {{"person", ben}, {"from", text("2020-01-01")}, {"position", text("a")}}}};
        stage.apply(cover);
    }
};

} // namespace roadbook::simulation::stories
