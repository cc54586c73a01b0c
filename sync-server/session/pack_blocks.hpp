#pragma once
// Blocks of packs as they were made: the rest of one that a broken link cut through is sent from here, and devices that come at one time share them.
#include "shared/base/bytes.hpp"
#include "shared/base/id.hpp"

#include <list>
#include <map>
#include <memory>
#include <string>

namespace roadbook::server {

/// All records of a scope behind a position, as of a place in its feed.
struct PackBlock {
    std::string packed;
    Hash hash; ///< of `packed`
    std::uint64_t seq = 0;
    Hash running_hash; ///< at `seq`
    std::uint64_t next_position = 0;
    std::uint64_t records_total = 0;
};

/// The latest block for each place, those that were used longest ago go first. One thread.
class PackBlocks {
public:
    static constexpr std::size_t bytes_max = 16 << 20; ///< some 250 blocks: those of the scopes that are being fetched now

    /// Null: there is none.
    [[nodiscard]] std::shared_ptr<const PackBlock> find(std::int64_t scope, std::uint64_t position);
    void put(std::int64_t scope, std::uint64_t position, std::shared_ptr<const PackBlock> block);
    void clear();

private:
    using Key = std::pair<std::int64_t, std::uint64_t>;
    using Entry = std::pair<Key, std::shared_ptr<const PackBlock>>;
    std::list<Entry> entries_; ///< most recently used first
    std::map<Key, std::list<Entry>::iterator> by_key_;
    std::size_t bytes_ = 0;
};

} // namespace roadbook::server
