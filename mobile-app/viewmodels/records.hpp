#pragma once
// The one RecordSource of the app, as Qt objects see it: a signal when it changed, and which records carry a mark.
#include "mobile-app/viewmodels/record_source.hpp"

#include <QObject>
#include <QString>

#include <unordered_set>

namespace roadbook::viewmodels {

/// Borrows the source. Threads: GUI.
class Records : public QObject {
    Q_OBJECT

public:
    explicit Records(RecordSource& source, QObject* parent = nullptr);

    [[nodiscard]] RecordSource& source() { return source_; }
    /// Edits of it, or of what hangs on it, wait for the server.
    [[nodiscard]] bool unsent(const RecordId& id) const { return unsent_.contains(id); }
    /// Something in it, or in what hangs on it, needs a person.
    [[nodiscard]] bool conflict(const RecordId& id) const { return conflicts_.contains(id); }
    /// What lists call a record; empty when it is not here.
    [[nodiscard]] QString title_of(const std::string& kind, const RecordId& id);

signals:
    void changed();

private:
    using Ids = std::unordered_set<RecordId>;
    void mark_again();
    void mark(Ids& marked, const RecordId& id, const std::string& kind);

    RecordSource& source_;
    Ids unsent_;
    Ids conflicts_;
};

} // namespace roadbook::viewmodels
