#pragma once
// The handset's half of one connection: no socket, no clock, no storage, no thread. PROTOCOL.md draws the dialogue.
#include "shared/protocol/frames.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/scope.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace roadbook::protocol {

/// One object is one connection; reconnecting makes a new one, so no state of a dead link survives. The driver feeds events and
/// carries out the steps it gets back, in order; a step that names an event in its comment is answered by that event.
///
/// Bounds: at most batches_in_flight_max pushes and enquiries_in_flight_max enquiries without an answer; holds no change after it was handed to Send.
class ClientSession {
public:
    enum class State { opening, enrolling, greeting, exchanging, closed }; // in the order a good session passes them

    // ---- events
    struct OpenedToEnrol { v1::Enrol enrol; };
    struct Opened { v1::Hello hello; };
    struct Received { ByteView bytes; };
    /// Answers TakeOutbox; empty: nothing is waiting. `held_back`: something is, and shall not go out on this connection; what was withdrawn is not drained then.
    struct OutboxTaken { v1::ChangeList changes; bool held_back = false; };
    struct OutboxGrew {};                            ///< the user saved something
    struct TryAgain {};                              ///< the time of retry_after() has passed: the outbox is to be read from its beginning
    struct GrantsAdopted { bool withdrawn = false; std::uint64_t withdrawn_epoch = 0; }; ///< answers AdoptGrants
    struct Stored { std::uint64_t bytes = 0; };      ///< answers StorePage, StorePack and StoreAhead: durable now
    /// Answers SettleAnswers: durable now. `remade`: edits were put into the outbox again. `waiting`: some stay there, unaccepted.
    struct Settled { bool remade = false; bool waiting = false; };
    struct Purged {};                                ///< answers PurgeScopes
    /// Answers TakeKnown. `next`: go on from there; nothing: that was all.
    struct KnownTaken { v1::Offer offer; std::optional<std::int64_t> next; };
    struct FilesWaiting {};                          ///< files wait to be sent or fetched: they go when nothing else does
    struct FileFrameTaken { std::optional<v1::ClientFrame> frame; }; ///< answers TakeFileFrame; nothing: no more files
    struct FileFrameKept {};                         ///< answers KeepFileFrame
    struct WantedKept {};                            ///< answers KeepWanted: in the outbox, before everything else
    /// Somebody asks what only the server knows; before the Welcome, too. `ticket` is the caller's, 1 or more, and not one that is open.
    struct Asked { v1::Enquiry enquiry; };
    struct LinkLost { Error why; };
    using Event = std::variant<OpenedToEnrol, Opened, Received, OutboxTaken, OutboxGrew, TryAgain, GrantsAdopted, Stored, Settled,
                               Purged, KnownTaken, WantedKept, FilesWaiting, FileFrameTaken, FileFrameKept, Asked, LinkLost>;

    // ---- steps
    struct Send { Bytes frame; };
    struct KeepIdentity { v1::Enrolled enrolled; };   ///< store it before anything else; the session then closes
    struct AdoptWelcome { v1::Welcome welcome; };     ///< epoch, time, person, role
    struct AdoptGrants { v1::Grants grants; };        ///< -> GrantsAdopted
    struct TakeOutbox { int changes_max = 0; std::size_t bytes_max = 0; }; ///< one at least, and no more than this of the oldest unsent ones -> OutboxTaken
    struct SettleAnswers { std::vector<v1::Answer> exceptions; std::uint64_t batch = 0; }; ///< -> Settled
    struct StorePage { v1::Page page; };              ///< -> Stored
    struct StorePack { v1::Pack pack; };              ///< -> Stored
    struct StoreAhead { v1::Ahead ahead; };           ///< -> Stored
    struct AdoptRefused { v1::RefusedNews news; };    ///< somebody decided about refused edits just now
    struct PurgeScopes { v1::Purge purge; };          ///< -> Purged
    /// Edits wait, so the withdrawal is not over: what of the withdrawn scopes has nothing unsent goes all the same.
    struct LetGo {};
    struct TakeKnown { Time lost_since; std::int64_t after = 0; }; ///< what a restored server may have lost -> KnownTaken
    struct KeepWanted { v1::Wanted wanted; };         ///< -> WantedKept
    struct TakeFileFrame {};                          ///< -> FileFrameTaken
    struct KeepFileFrame { v1::ServerFrame frame; };  ///< a part of a file, or how far one is there -> FileFrameKept
    struct KeepEpoch { std::string epoch; };          ///< the restored server has all that it wanted: its epoch is ours from now on
    struct GiveReply { v1::Reply reply; };            ///< to the enquiry with the same ticket; its code says why there is no answer
    struct CaughtUp {};                               ///< the server has sent all there was when we came
    struct Close { Error why; };                      ///< Errc::ok when we asked for it
    using Step = std::variant<Send, KeepIdentity, AdoptWelcome, AdoptGrants, TakeOutbox, SettleAnswers, StorePage, StorePack, StoreAhead, AdoptRefused,
                              PurgeScopes, LetGo, TakeKnown, KeepWanted, TakeFileFrame, KeepFileFrame, KeepEpoch, GiveReply, CaughtUp, Close>;

    [[nodiscard]] std::vector<Step> resume(const Event& event);

    [[nodiscard]] State state() const noexcept { return state_; }
    /// Nothing is under way: all sent edits and enquiries are answered, the outbox was empty when last asked, the server has caught us
    /// up, and no withdrawal is half done. A one-shot sync ends here.
    [[nodiscard]] bool is_quiet() const noexcept;
    /// Set: edits wait since the server takes no more of them now; once quiet, wait so long, then TryAgain on this same connection.
    [[nodiscard]] const std::optional<std::chrono::seconds>& retry_after() const noexcept { return retry_after_; }

private:
    using Steps = std::vector<Step>;
    Steps on_frame(const v1::ServerFrame& frame);
    Steps on_greeting(const v1::ServerFrame& frame);
    Steps on_exchange(const v1::ServerFrame& frame);
    Steps on_answers(const v1::Answers& answers);
    Steps on_outbox(const v1::ChangeList& changes);
    Steps on_grants(const GrantsAdopted& adopted);
    Steps on_stored(std::uint64_t bytes);
    Steps take_more();
    Steps drained_if_done();
    Steps on_known(const KnownTaken& known);
    Steps on_wanted_kept();
    Steps recovered_if_done();
    Steps next_file_frame();
    Steps on_asked(const v1::Enquiry& enquiry);
    Steps on_reply(const v1::Reply& reply);
    Steps close(Error why);

    State state_ = State::opening;
    struct Batch {
        std::uint64_t number = 0;
        int changes = 0;
    };
    std::deque<Batch> in_flight_; ///< oldest first
    std::uint64_t next_batch_ = 1;
    std::size_t batch_bytes_ = first_batch_bytes; ///< of the next one
    std::uint64_t credit_used_ = 0;
    std::uint64_t draining_epoch_ = 0; ///< 0: no withdrawal under way
    bool drained_sent_ = false;
    bool taking_ = false;       ///< a TakeOutbox has no OutboxTaken yet
    bool outbox_empty_ = false; ///< as last seen
    bool caught_up_ = false;
    bool files_wait_ = false;
    std::deque<v1::Enquiry> to_ask_;   ///< until the Welcome; afterwards they go out at once
    std::set<std::uint64_t> asked_;    ///< tickets without a reply
    bool file_under_way_ = false; ///< a frame of a file was asked for or sent, and is not settled yet
    // Towards a restored server: first what it may have lost, then the outbox, then feeds.
    enum class Recovery { none, offering, pushing };
    Recovery recovery_ = Recovery::none;
    std::string epoch_;         ///< of the restored server
    Time lost_since_{};
    std::optional<std::int64_t> offer_next_;
    std::optional<std::chrono::seconds> retry_after_;
    bool waiting_ = false;      ///< some edits could not be taken yet: what was withdrawn is not drained
};

} // namespace roadbook::protocol
