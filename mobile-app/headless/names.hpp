#pragma once
// Names that a caller typed, looked up. A name that is not there is answered with what is: the nearest one, then all.
#include "shared/base/result.hpp"
#include "shared/schema/kind.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::headless {

/// bad_argument: "there is no kind 'acount': did you mean 'account'? Kinds: account, contact, ..."
[[nodiscard]] Error no_such(std::string_view what, std::string_view plural, std::string_view wrong,
                            std::span<const std::string> names);

/// All four: bad_argument.
[[nodiscard]] Result<const schema::Kind*> kind_named(std::string_view name);
[[nodiscard]] Result<const schema::Collection*> collection_named(const schema::Kind& kind, std::string_view name);
/// `owner` is "account" or "lines of a quote", for the message.
[[nodiscard]] Result<const schema::Field*> field_named(std::span<const schema::Field> fields, std::string_view owner,
                                                       std::string_view name);
/// The field that a conflict's path names: "phone" or "lines/ID/quantity".
[[nodiscard]] Result<const schema::Field*> field_at(const schema::Kind& kind, std::string_view path);
/// The same for a path that came out of a record: nothing when a newer version knows more.
[[nodiscard]] const schema::Field* find_field_at(const schema::Kind& kind, std::string_view path);

/// Errors: bad_argument.
[[nodiscard]] Result<RecordId> record_id(std::string_view text);
[[nodiscard]] Result<ChildId> child_id(std::string_view text);

} // namespace roadbook::headless
