#pragma once
// Change chunks put together by hand, as a hostile device would: any field, any column, with the checksum made right.
#include "shared/base/bytes.hpp"
#include "shared/base/id.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace roadbook::testing {

void leb(Bytes& out, std::uint64_t value);
void signed_leb(Bytes& out, std::int64_t value);

/// What stands in a column: one literal run of numbers, one value repeated, and so on, joined in the order of the
/// calls.
class ColumnData {
public:
    ColumnData& numbers(std::initializer_list<std::uint64_t> values); ///< a literal run
    ColumnData& deltas(std::initializer_list<std::int64_t> values);   ///< a literal run of differences
    ColumnData& repeated(std::int64_t times, std::uint64_t value);
    ColumnData& nulls(std::uint64_t count);
    ColumnData& strings(std::initializer_list<std::string_view> values);
    ColumnData& booleans(std::initializer_list<std::uint64_t> runs); ///< false first
    ColumnData& raw(ByteView bytes);
    operator Bytes() const { return bytes_; } // NOLINT: reads better where columns are listed

private:
    Bytes bytes_;
};

struct ForgedChange {
    std::vector<Hash> deps;
    ActorId actor;
    std::uint64_t seq = 1;
    std::uint64_t start_op = 1;
    std::int64_t time = 0;
    std::string message;
    std::vector<ActorId> others;
    std::vector<std::pair<std::uint32_t, Bytes>> columns; ///< specification and data
    Bytes extra;
    std::uint8_t type = 1;

    [[nodiscard]] Bytes bytes() const;
    /// An honest change taken apart, to be damaged. Throws when it is none.
    [[nodiscard]] static ForgedChange from(ByteView chunk);
    [[nodiscard]] Bytes* column(std::uint32_t specification);
};

/// A chunk of any content: header, right length, right checksum.
[[nodiscard]] Bytes chunk(std::uint8_t type, ByteView body);
/// Makes the checksum of damaged bytes right again.
void repair_checksum(Bytes& chunk);

} // namespace roadbook::testing
