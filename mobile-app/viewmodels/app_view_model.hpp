#pragma once
// The app as its main window sees it: what state it is in, and the view-model of each page.
#include "mobile-app/viewmodels/account_view_model.hpp"
#include "mobile-app/viewmodels/customers_view_model.hpp"
#include "mobile-app/viewmodels/enrolment_view_model.hpp"
#include "mobile-app/viewmodels/review_view_model.hpp"
#include "mobile-app/viewmodels/sync_view_model.hpp"
#include "mobile-app/viewmodels/visit_view_model.hpp"

namespace roadbook::viewmodels {

/// Borrows its sources, which must outlive it. Threads: GUI.
/// A page's own view-model belongs to the page: QML frees it some time after the page; what is left goes with this object.
class AppViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("one for the app, made by main")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString personName READ personName NOTIFY changed)
    Q_PROPERTY(QString personRole READ personRole NOTIFY changed)
    Q_PROPERTY(QString server READ server NOTIFY changed)
    Q_PROPERTY(int records READ records NOTIFY changed)
    Q_PROPERTY(QString failureTitle READ failureTitle NOTIFY changed)
    Q_PROPERTY(QString failureAdvice READ failureAdvice NOTIFY changed)
    Q_PROPERTY(QString failureDetail READ failureDetail NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::Preferences* preferences READ preferences CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::CustomersViewModel* customers READ customers CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::SyncViewModel* sync READ sync CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::EnrolmentViewModel* enrolment READ enrolment CONSTANT)

public:
    enum State { Opening, SignedOut, Ready, Failed };
    Q_ENUM(State)

    struct Sources {
        RecordSource& records;
        SyncSource& sync;
        Enroller& enroller;
        Preferences& preferences;
        Clock& clock;
    };
    explicit AppViewModel(Sources sources, QObject* parent = nullptr);
    ~AppViewModel() override;

    [[nodiscard]] State state() const;
    [[nodiscard]] QString personName() const;
    [[nodiscard]] QString personRole() const;
    [[nodiscard]] QString server() const;
    [[nodiscard]] int records() const;
    [[nodiscard]] QString failureTitle() const { return words_for(sources_.records.failure().code).title; }
    [[nodiscard]] QString failureAdvice() const { return words_for(sources_.records.failure().code).advice; }
    [[nodiscard]] QString failureDetail() const;
    [[nodiscard]] Preferences* preferences() { return &sources_.preferences; }
    [[nodiscard]] CustomersViewModel* customers() { return &customers_; }
    [[nodiscard]] SyncViewModel* sync() { return &sync_; }
    [[nodiscard]] EnrolmentViewModel* enrolment() { return &enrolment_; }

    /// Null for what is no id.
    Q_INVOKABLE roadbook::viewmodels::AccountViewModel* account(const QString& id);
    Q_INVOKABLE roadbook::viewmodels::VisitViewModel* visit(const QString& id);
    Q_INVOKABLE roadbook::viewmodels::VisitViewModel* newVisit(const QString& account_id);
    Q_INVOKABLE roadbook::viewmodels::ReviewViewModel* review();

signals:
    void changed();

private:
    template <class Page>
    Page* handed_out(Page* page);

    Sources sources_;
    std::vector<QPointer<QObject>> handed_out_; ///< they borrow from this object, so none may outlive it
    Drafts drafts_;
    Records records_;
    CustomersViewModel customers_;
    SyncViewModel sync_;
    EnrolmentViewModel enrolment_;
};

} // namespace roadbook::viewmodels
