#pragma once
// A connection that speaks the protocol as far as its owner likes: good framing and TLS, anything above that.
#include "shared/wire/connect.hpp"
#include "tests/support/raw_peer.hpp"
#include "tests/system/attacks/arena.hpp"

namespace roadbook::attacks {

namespace v1 = protocol::v1;

[[nodiscard]] v1::ClientFrame enrolment(const std::string& code);
[[nodiscard]] v1::ClientFrame hello(const Credentials& who);
[[nodiscard]] v1::ClientFrame push(std::uint64_t batch, const v1::ChangeList& changes);
/// "refused bad_token, closed 4401"; the name of any other frame.
[[nodiscard]] std::string name_of(const v1::ServerFrame& frame);
/// "accepted", "REFUSED bad_change", "NEED" ... of one change.
[[nodiscard]] std::string name_of(const v1::Answer& answer);

class Intruder {
public:
    /// Connects from an address of its own, or from this one. Throws when it is not let in.
    explicit Intruder(Arena& arena, std::uint32_t from = 0);
    /// The same, greeted, and with all that its person may see.
    Intruder(Arena& arena, const Credentials& who);

    void send(const v1::ClientFrame& frame) { send_bytes(protocol::write(frame)); }
    void send_bytes(ByteView bytes);
    /// The next frame; nothing when the connection has ended.
    [[nodiscard]] std::optional<v1::ServerFrame> read();
    [[nodiscard]] std::optional<v1::ServerFrame> ask(const v1::ClientFrame& frame);
    /// What the server says last, and how it closes.
    [[nodiscard]] std::string end();
    [[nodiscard]] std::string end_after(const v1::ClientFrame& frame);

    /// The answers to a push of these; pages that come meanwhile are passed over.
    [[nodiscard]] v1::Answers push_all(const v1::ChangeList& changes);
    /// ... of one change, in words.
    [[nodiscard]] std::string push_one(const RecordId& record, ByteView change);
    /// The saved records that it was sent, by id.
    [[nodiscard]] const std::map<RecordId, Bytes>& records() const noexcept { return records_; }
    [[nodiscard]] std::uint64_t next_batch() noexcept { return ++batch_; }
    [[nodiscard]] std::size_t bytes_received() const { return static_cast<std::size_t>(wire_.bytes_in()); }
    [[nodiscard]] const std::set<std::string>& scopes() const noexcept { return scopes_; } ///< of which something came

private:
    void keep(const v1::ServerFrame& frame);

    Arena& arena_;
    wire::Wire wire_;
    std::uint64_t batch_ = 0;
    std::map<RecordId, Bytes> records_;
    std::set<std::string> scopes_;
};

/// A change made by an actor that nobody has used, on top of `saved` or of a new record of this kind.
[[nodiscard]] Bytes change_on(ByteView saved, const std::vector<automerge::Edit>& edits);
[[nodiscard]] Bytes change_on_new(std::string_view kind, const std::vector<automerge::Edit>& edits);
[[nodiscard]] Bytes change_of(const merge::Intent& creation);
[[nodiscard]] ActorId new_actor();

/// Past TLS and the upgrade, free to send any bytes.
[[nodiscard]] std::unique_ptr<testing::RawPeer> raw_peer(Arena& arena);

} // namespace roadbook::attacks
