#include "tests/system/story/stage.hpp"

namespace roadbook::story {

Stage::Stage(const Programs& with, Narrator& told_by, const std::filesystem::path& root)
    : programs{with}
    , narrator{told_by}
    , folder{root}
    , phone{with, "Margaret's phone", root / "phone"}
    , tablet{with, "Margaret's tablet", root / "tablet"}
    , colleague{with, "Nancy's phone", root / "colleague"}
    , manager{with, "Andrew's laptop", root / "manager"}
{
}

Stage Stage::copied_to(const std::filesystem::path& root) const
{
    std::filesystem::copy(folder, root, std::filesystem::copy_options::recursive);
    auto copy = *this;
    copy.folder = root;
    copy.phone = phone.on(root / "phone");
    copy.tablet = tablet.on(root / "tablet");
    copy.colleague = colleague.on(root / "colleague");
    copy.manager = manager.on(root / "manager");
    return copy;
}

} // namespace roadbook::story
