#include "conflict/automerge-cpp/document.hpp"

#include "conflict/automerge-cpp/bridge.hpp"

#include <algorithm>

namespace roadbook::automerge {

namespace {

std::optional<Change> first_change(const Answer& answer)
{
    auto changes = decode_changes(answer.bytes());
    if (changes.empty()) return std::nullopt;
    return std::move(changes.front());
}

} // namespace

Node::Node() noexcept = default;

const Node* Node::find(std::string_view key) const noexcept
{
    const auto before = [](const auto& child, std::string_view wanted) { return child.first < wanted; };
    const auto at = std::lower_bound(children.begin(), children.end(), key, before);
    return at != children.end() && at->first == key ? &at->second : nullptr;
}

Document::Document() : handle_{std::make_unique<Handle>()} {}
Document::Document(std::unique_ptr<Handle> handle) noexcept : handle_{std::move(handle)} {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::load(ByteView saved)
{
    Document document;
    const Answer answer{document.handle_->core->load(octets(saved))};
    if (!answer.ok()) {
        auto error = answer.error();
        error.code = Errc::document_damaged; // a panic, too: there is nothing yet that could be poisoned
        return error;
    }
    return document;
}

Result<Bytes> Document::save() const
{
    const Answer answer{handle_->core->save(false)};
    if (!answer.ok()) return answer.error();
    return to_bytes(answer.bytes());
}

Result<Bytes> Document::save_compressed() const
{
    const Answer answer{handle_->core->save(true)};
    if (!answer.ok()) return answer.error();
    return to_bytes(answer.bytes());
}

Result<Document> Document::fork() const
{
    Document copy;
    const Answer answer{handle_->core->fork_into(*copy.handle_->core)};
    if (!answer.ok()) return answer.error();
    return copy;
}

Result<Document> Document::fork_at(std::span<const Hash> heads) const
{
    Document copy;
    const Answer answer{handle_->core->fork_at_into(octets(heads), *copy.handle_->core)};
    if (!answer.ok()) return answer.error();
    return copy;
}

Result<void> Document::apply(std::span<const ByteView> changes)
{
    flat::Writer batch;
    for (const auto change : changes) batch.block(change);
    const Answer answer{handle_->core->apply(octets(batch))};
    if (!answer.ok()) return answer.error();
    return {};
}

Result<std::vector<Hash>> Document::heads() const
{
    const Answer answer{handle_->core->heads()};
    if (!answer.ok()) return answer.error();
    return decode_hashes(answer.bytes());
}

Result<bool> Document::has(const Hash& change) const
{
    const Answer answer{handle_->core->has(octets(change.view()))};
    if (!answer.ok()) return answer.error();
    return answer.reader().u8() != 0;
}

Result<std::vector<Change>> Document::changes_since(std::span<const Hash> heads) const
{
    const Answer answer{handle_->core->changes_since(octets(heads))};
    if (!answer.ok()) return answer.error();
    return decode_changes(answer.bytes());
}

Result<std::optional<Change>> Document::change(const Hash& hash) const
{
    const Answer answer{handle_->core->change(octets(hash.view()))};
    if (!answer.ok()) return answer.error();
    return first_change(answer);
}

Result<std::uint64_t> Document::last_seq(const ActorId& actor) const
{
    const Answer answer{handle_->core->last_seq(octets(actor.view()))};
    if (!answer.ok()) return answer.error();
    return answer.reader().u64();
}

Result<std::uint64_t> Document::operations() const
{
    const Answer answer{handle_->core->operations()};
    if (!answer.ok()) return answer.error();
    return answer.reader().u64();
}

Result<Content> Document::read() const
{
    const Answer answer{handle_->core->read()};
    if (!answer.ok()) return answer.error();
    return decode_content(answer.bytes());
}

Result<Content> Document::read_at(std::span<const Hash> heads) const
{
    const Answer answer{handle_->core->read_at(octets(heads))};
    if (!answer.ok()) return answer.error();
    return decode_content(answer.bytes());
}

Result<std::optional<Hash>> Document::change_of(const ActorId& actor, std::uint64_t counter) const
{
    const Answer answer{handle_->core->change_of(octets(actor.view()), counter)};
    if (!answer.ok()) return answer.error();
    return Hash::from(answer.bytes()); // nothing when the answer is empty
}

Result<std::vector<Patch>> Document::patches(std::span<const Hash> before, std::span<const Hash> after) const
{
    const Answer answer{handle_->core->patches(octets(before), octets(after))};
    if (!answer.ok()) return answer.error();
    return decode_patches(answer.bytes());
}

Result<std::optional<Change>> Document::commit(const ActorId& actor, std::span<const Edit> edits)
{
    flat::Writer request;
    for (const auto& edit : edits) encode_edit(edit, request);
    const Answer answer{handle_->core->commit(octets(actor.view()), octets(request))};
    if (!answer.ok()) return answer.error();
    return first_change(answer);
}

Result<Change> Document::genesis(const ActorId& reserved, std::span<const ByteView> earlier,
                                 std::span<const Container> containers,
                                 std::span<const std::pair<std::string, Scalar>> marks)
{
    Document document;
    ROADBOOK_CHECK(document.apply(earlier));
    flat::Writer request;
    request.u32(containers.size());
    for (const auto& container : containers) {
        request.u8(container.kind == Container::Kind::map ? 0 : 1);
        request.block(container.key);
    }
    request.u32(marks.size());
    for (const auto& [key, value] : marks) {
        request.block(key);
        encode_scalar(value, request);
    }
    const Answer answer{document.handle_->core->genesis(octets(reserved.view()), octets(request))};
    if (!answer.ok()) return answer.error();
    auto link = first_change(answer);
    if (!link) return fail(Errc::bad_argument, "A genesis link that adds nothing is no link.");
    return std::move(*link);
}

} // namespace roadbook::automerge
