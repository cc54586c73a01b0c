import QtQuick

// Every screen in every state worth a look, by name: what prepares the samples, what opens the page, and what waits for its layout.
QtObject {
    readonly property var all: ({
        "first-run": { prepare: s => s.showApp("signed_out") },
        "first-run-busy": { prepare: s => {
            s.showApp("signed_out")
            s.app.enrolment.server = "wss://roadbook.example.com"
            s.app.enrolment.code = "K7PQ-2MXD"
            s.app.enrolment.enrol()
        } },
        "first-run-refused": { prepare: s => {
            s.showApp("signed_out")
            s.app.enrolment.server = "wss://roadbook.example.com"
            s.app.enrolment.code = "K7PQ-2MXD"
            s.app.enrolment.enrol()
            s.answerEnrolment("bad_code")
        } },
        "first-run-incomplete": { prepare: s => {
            s.showApp("signed_out")
            s.app.enrolment.fingerprint = "abc"
            s.app.enrolment.enrol()
        } },
        "opening": { prepare: s => s.showApp("opening") },
        "failed": { prepare: s => s.showApp("failed") },
        "customers": {},
        "customers-marks": { prepare: s => { s.showUnsettled(true); s.showSync("offline") } },
        "customers-found": { prepare: s => s.app.customers.query = "str" , open: (r, s) => r.go("customers") },
        "customers-no-match": { prepare: s => s.app.customers.query = "Nestlé", open: (r, s) => r.go("customers") },
        "customers-empty": { prepare: s => { s.showApp("empty"); s.showSync("syncing") } },
        "account": { open: (r, s) => r.openAccount(s.id("alfreds")) },
        "account-lower": { open: (r, s) => r.openAccount(s.id("alfreds")), settle: r => r.page.showEnd() },
        "account-chinese": { open: (r, s) => r.openAccount(s.id("huatai")) },
        "account-unsettled": { prepare: s => { s.showUnsettled(true); s.showSync("to_review") },
                               open: (r, s) => r.openAccount(s.id("alfreds")) },
        "account-gone": { open: (r, s) => { r.openAccount(s.id("alfreds")); s.takeAway("alfreds") } },
        "visit": { open: (r, s) => { r.openAccount(s.id("alfreds")); r.openVisit(s.id("visit-demo")) } },
        "visit-new": { open: (r, s) => { r.openAccount(s.id("alfreds")); r.openNewVisit(s.id("alfreds")) } },
        "visit-when": { open: (r, s) => {
            r.openAccount(s.id("alfreds"))
            r.openVisit(s.id("visit-demo"))
            r.page.chooseTime()
        } },
        "visit-saved": { open: (r, s) => {
            r.openAccount(s.id("alfreds"))
            r.openVisit(s.id("visit-demo"))
            r.page.visit.outcome = "Order of 40 cases"
            r.page.visit.status = "done"
            r.page.visit.save()
            s.showSync("to_send")
        } },
        "visit-refused": { prepare: s => s.refuseSaves("storage_full"), open: (r, s) => {
            r.openAccount(s.id("alfreds"))
            r.openVisit(s.id("visit-demo"))
            r.page.visit.subject = ""
            r.page.visit.save()
            r.page.visit.subject = "Autumn order"
            r.page.visit.save()
        } },
        "sync-synced": { open: (r, s) => r.go("sync") },
        "sync-to-send": { prepare: s => { s.showUnsettled(true); s.showSync("to_send") }, open: (r, s) => r.go("sync") },
        "sync-syncing": { prepare: s => { s.showUnsettled(true); s.showSync("syncing") }, open: (r, s) => r.go("sync") },
        "sync-offline": { prepare: s => s.showSync("offline"), open: (r, s) => r.go("sync") },
        "sync-to-review": { prepare: s => { s.showUnsettled(true); s.showSync("to_review") }, open: (r, s) => r.go("sync") },
        "sync-trouble": { prepare: s => { s.showSync("offline"); s.showTrouble("tls_failed") }, open: (r, s) => r.go("sync") },
        "review": { prepare: s => { s.showUnsettled(true); s.showSync("to_review") },
                    open: (r, s) => { r.go("sync"); r.openReview() } },
        "review-done": { open: (r, s) => { r.go("sync"); r.openReview() } },
        "more": { open: (r, s) => r.go("more") }
    })
}
