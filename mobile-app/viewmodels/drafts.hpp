#pragma once
// What was typed into a form and not saved yet, so that leaving a page loses nothing.
#include "shared/schema/record.hpp"

#include <QString>

#include <list>
#include <optional>

namespace roadbook::viewmodels {

/// In memory only: a draft on the disk would outlive a hand-over of its record, which must leave nothing behind.
/// When full, the oldest draft goes.
class Drafts {
public:
    static constexpr std::size_t drafts_max = 20; ///< forms left open in one day, several times over

    /// Empty fields: forgets the draft.
    void keep(const QString& form, const schema::Fields& fields);
    [[nodiscard]] schema::Fields of(const QString& form) const;

private:
    struct Draft {
        QString form;
        schema::Fields fields;
    };
    std::list<Draft> drafts_; ///< the oldest first
};

} // namespace roadbook::viewmodels
