#include "conflict/automerge-cpp/bridge.hpp"

namespace roadbook::automerge {

Error Answer::error() const
{
    const auto detail = " (" + std::string{reply_.message} + ")";
    switch (reply_.code) {
    case bridge::Code::BadArgument:
        return fail(Errc::bad_argument, "This edit cannot be made" + detail + ". Nothing was changed.");
    case bridge::Code::BadChange:
        return fail(Errc::bad_change, "This is not a change that can be read" + detail + ". It was not taken.");
    case bridge::Code::OutOfOrder:
        return fail(Errc::out_of_order,
                    "This change does not follow its author's last one" + detail + ". It was not taken.");
    case bridge::Code::Missing:
        return fail(Errc::missing_parents, "An earlier change is needed first" + detail + ". Nothing was changed.");
    case bridge::Code::Damaged:
        return fail(Errc::document_damaged,
                    "This document cannot be read" + detail + ". Load it again from its changes.");
    case bridge::Code::TooDeep:
        return fail(Errc::too_large, "This document is nested too deep to be shown" + detail + ".");
    case bridge::Code::Poisoned:
        return fail(Errc::document_poisoned,
                    "The merge core failed inside this document" + detail + ". What is stored is safe: load it again.");
    default:
        return fail(Errc::internal, "The merge core gave an unknown answer" + detail + ".");
    }
}

} // namespace roadbook::automerge
