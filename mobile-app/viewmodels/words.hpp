#pragma once
// Failures in the user's words: what happened, what is safe, what to do. The technical message stays beside them, folded away.
#include "shared/base/result.hpp"

#include <QString>

namespace roadbook::viewmodels {

struct FailureWords {
    QString title;  ///< what happened
    QString advice; ///< what is safe, and what to do
};

/// In the language in force now: asked again after a change of language.
[[nodiscard]] FailureWords words_for(Errc code);

} // namespace roadbook::viewmodels
