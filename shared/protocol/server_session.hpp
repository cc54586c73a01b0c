#pragma once
// The server's half of one connection: no socket, no clock, no storage, no thread. PROTOCOL.md draws the dialogue.
#include "shared/protocol/frames.hpp"
#include "shared/schema/scope.hpp"

#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace roadbook::protocol {

/// One object is one connection. The driver feeds events and carries out the steps it gets back, in order; a step that names an
/// event in its comment is answered by that event.
///
/// Bounds: batches_in_flight_max commits under way; one read of a feed at a time, and none while the device's credit is
/// used up: a slow reader costs one page of memory, since there is no queue for it, only its place in each feed.
class ServerSession {
public:
    enum class State { opening, checking, surrendering, exchanging, closed }; // of surrendering and exchanging a session passes one

    struct FeedHead { schema::ScopeId scope; std::uint64_t seq = 0; };
    /// How far one scope's feed has been sent.
    struct Place {
        std::uint64_t seq = 0;
        std::uint64_t pack_position = 0;
        bool packing = false;
        Hash block{};                     ///< while packing: of this block ...
        std::uint64_t block_offset = 0;   ///< ... so much
        std::uint64_t ahead_position = 0; ///< while packing: copies up to here
    };

    // ---- events
    struct Received { ByteView bytes; };
    struct EnrolmentDone { Result<v1::Enrolled> enrolled; };                       ///< answers CheckEnrolment
    /// Answers CheckHello. `heads` are of all granted scopes; a void cursor is of another history and counts as none.
    struct HelloChecked { Result<v1::Welcome> welcome; std::vector<FeedHead> heads; std::vector<schema::ScopeId> void_cursors = {}; };
    struct SurrenderChecked { Result<void> allowed; };                             ///< answers CheckSurrender
    struct SealedKept { v1::Surrendered surrendered; };                            ///< answers KeepSealed: durable now
    struct Committed { v1::Answers answers; };                                     ///< answers Commit: durable now
    struct FeedGrew { std::vector<FeedHead> heads; };                              ///< only granted scopes count
    struct PageRead { v1::ServerFrame frame; std::uint64_t bytes = 0; Place place; }; ///< answers ReadFeed; no body: nothing more there
    /// Answers ReadAhead; no body: there was nothing. `done`: nothing more either.
    struct AheadRead { v1::ServerFrame frame; std::uint64_t bytes = 0; std::uint64_t position = 0; bool done = true; };
    struct RefusedDecided { v1::RefusedNews news; };                               ///< about refused edits of this device
    struct GrantsChanged { v1::Grants grants; std::vector<FeedHead> heads; };
    struct DrainKept { v1::Purge purge; };                                         ///< answers KeepDrain
    struct OfferChecked { v1::Wanted wanted; };                                    ///< answers CheckOffer
    struct PartStored { v1::PartKept kept; };                                      ///< answers StorePart
    struct PartRead { v1::Part part; };                                            ///< answers ReadPart
    struct EnquiryAnswered { v1::Reply reply; };                                   ///< answers Enquire
    struct Ended { Error why; };                                                   ///< the server closes, or access was revoked
    struct LinkLost { Error why; };
    using Event = std::variant<Received, EnrolmentDone, HelloChecked, SurrenderChecked, SealedKept, Committed, FeedGrew, PageRead, AheadRead, RefusedDecided,
                               GrantsChanged, DrainKept, OfferChecked, PartStored, PartRead, EnquiryAnswered, Ended, LinkLost>;

    // ---- steps
    struct Send { Bytes frame; };
    struct CheckEnrolment { v1::Enrol enrol; };      ///< -> EnrolmentDone
    struct CheckHello { v1::Hello hello; };          ///< -> HelloChecked
    struct CheckSurrender { v1::Surrender surrender; };                 ///< -> SurrenderChecked
    struct KeepSealed { v1::SealedIntents sealed; };                    ///< -> SealedKept
    struct NoteWiped {};
    struct Commit { std::uint64_t batch = 0; v1::ChangeList changes; }; ///< -> Committed
    /// `stretch`: of a block no more than so many bytes at once, of a page not many more; nothing: whole blocks and pages. -> PageRead
    struct ReadFeed { schema::ScopeId scope; Place after; std::optional<std::size_t> stretch = {}; };
    struct ReadAhead { schema::ScopeId scope; Place after; std::size_t stretch = 0; }; ///< copies of what is needed today -> AheadRead
    struct KeepDrain { std::uint64_t grant_epoch = 0; };                ///< -> DrainKept
    struct CheckOffer { v1::Offer offer; };                             ///< -> OfferChecked
    struct StorePart { v1::PutPart put; };                              ///< -> PartStored
    struct ReadPart { v1::AskPart ask; };                               ///< -> PartRead
    struct Enquire { v1::Enquiry enquiry; };                            ///< -> EnquiryAnswered
    struct Close { Error why; };                     ///< after what was sent before
    using Step = std::variant<Send, CheckEnrolment, CheckHello, CheckSurrender, KeepSealed, NoteWiped, Commit, ReadFeed, ReadAhead, KeepDrain, CheckOffer, StorePart, ReadPart, Enquire, Close>;

    [[nodiscard]] std::vector<Step> resume(const Event& event);
    [[nodiscard]] State state() const noexcept { return state_; }
    /// The scopes that this connection is served, for the driver's fan-out.
    [[nodiscard]] bool serves(const schema::ScopeId& scope) const { return feeds_.contains(scope); }

private:
    struct Feed { Place place; std::uint64_t head = 0; bool has_ahead = false; }; ///< has_ahead: copies go first, those that there may be
    using Steps = std::vector<Step>;
    Steps on_frame(const v1::ClientFrame& frame);
    Steps on_greeting(const v1::ClientFrame& frame);
    Steps on_hello(const v1::Hello& hello);
    Steps on_surrendering(const v1::ClientFrame& frame);
    Steps on_welcome(const HelloChecked& checked);
    Steps on_push(const v1::Push& push);
    Steps on_page(const PageRead& read);
    Steps on_ahead(const AheadRead& read);
    [[nodiscard]] Feed feed_of(const Place& place, std::uint64_t head) const;
    [[nodiscard]] std::size_t stretch() const noexcept;
    Steps on_grants(const GrantsChanged& changed);
    void note_heads(const std::vector<FeedHead>& heads);
    Steps read_more();
    Steps refuse(Error why);

    State state_ = State::opening;
    std::map<schema::ScopeId, Feed> feeds_; ///< granted scopes
    std::map<schema::ScopeId, Place> asked_; ///< cursors of the Hello, until the grants are known
    std::uint64_t last_batch_ = 0;
    int commits_ = 0;
    std::uint64_t credit_ = 0;
    std::uint32_t revision_ = 0; ///< the device's
    std::uint64_t sent_ = 0;     ///< bytes of feeds
    bool reading_ = false;
    schema::ScopeId reading_scope_;
    bool recovering_ = false; ///< this server was restored: nothing is sent before the device has brought what it knows
    bool caught_up_sent_ = false;
};

} // namespace roadbook::protocol
