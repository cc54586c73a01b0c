#include "tests/simulation/crash_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <random>
#include <stdexcept>

namespace roadbook::simulation {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t sector = 512;    // a write arrives in whole sectors, or not
constexpr std::size_t shm_locks = SQLITE_SHM_NLOCK;

/// Bytes in chunks that copies share until one of them is written to.
class Chunks {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void read(std::size_t at, std::uint8_t* to, std::size_t count) const
    {
        each(at, count, [&](std::size_t chunk, std::size_t from, std::size_t some) {
            std::memcpy(to, chunks_[chunk]->data() + from, some);
            to += some;
        });
    }
    void write(std::size_t at, const std::uint8_t* bytes, std::size_t count)
    {
        if (at + count > size_) resize(at + count);
        each(at, count, [&](std::size_t chunk, std::size_t from, std::size_t some) {
            std::memcpy(own(chunk).data() + from, bytes, some);
            bytes += some;
        });
    }
    void resize(std::size_t size)
    {
        if (size < size_ && size % chunk_size != 0) { // what lies behind the end is zero when it grows again
            auto& last = own(size / chunk_size);
            std::fill(last.begin() + static_cast<std::ptrdiff_t>(size % chunk_size), last.end(), std::uint8_t{0});
        }
        static const auto zeros = std::make_shared<Chunk>();
        chunks_.resize((size + chunk_size - 1) / chunk_size, zeros);
        size_ = size;
    }
    void each_chunk(const std::function<void(const std::uint8_t*, std::size_t)>& take) const
    {
        each(0, size_, [&](std::size_t chunk, std::size_t from, std::size_t some) { take(chunks_[chunk]->data() + from, some); });
    }

private:
    static constexpr std::size_t chunk_size = 4096; // a page of SQLite's
    using Chunk = std::array<std::uint8_t, chunk_size>;

    template <class Take>
    static void each(std::size_t at, std::size_t count, Take take)
    {
        while (count > 0) {
            const auto from = at % chunk_size;
            const auto some = std::min(count, chunk_size - from);
            take(at / chunk_size, from, some);
            at += some;
            count -= some;
        }
    }
    Chunk& own(std::size_t chunk)
    {
        auto& mine = chunks_[chunk];
        if (mine.use_count() > 1) mine = std::make_shared<Chunk>(*mine);
        return *mine;
    }

    std::vector<std::shared_ptr<Chunk>> chunks_;
    std::size_t size_ = 0;
};

} // namespace

struct Disk::FileImage {
    Chunks bytes;
};

namespace {

/// A file: what programs see, what is sure to be there after the power went, and what happened in between.
struct Content {
    struct Change {
        std::size_t at = 0;
        Bytes bytes;
        bool truncates = false; ///< to `at`
    };
    Chunks now;
    Chunks durable;
    std::vector<Change> unsynced; ///< since `durable`

    // locks, by who holds them
    const void* reserved = nullptr;
    const void* pending = nullptr;
    const void* exclusive = nullptr;
    int shared = 0;
    // memory shared by the connections of a write-ahead log
    std::vector<std::unique_ptr<Bytes>> regions;
    std::array<int, shm_locks> shm_shared{};
    std::array<const void*, shm_locks> shm_exclusive{};
    int shm_users = 0;

    static void apply(Chunks& to, const Change& change)
    {
        if (change.truncates) to.resize(change.at);
        else to.write(change.at, change.bytes.data(), change.bytes.size());
    }
    void change(Change what)
    {
        apply(now, what);
        unsynced.push_back(std::move(what));
    }
    void sync()
    {
        if (unsynced.empty()) return;
        durable = now;
        unsynced.clear();
    }
    void begin_with(const Chunks& bytes)
    {
        now = durable = bytes;
        unsynced.clear();
    }
};

} // namespace

struct Disk::State {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr; ///< for time and chance
    std::string name;
    std::mt19937_64 chance;
    std::map<std::string, std::shared_ptr<Content>, std::less<>> files;
    int calls = 0;
    int left = -1; ///< calls until the fault; -1: none
    DiskFault fault = DiskFault::killed;
    bool dead = false;
    bool power_went = false;
    bool full = false;
    bool lies = false;
    std::array<std::int64_t, disk_fault_count> times{};

    /// Counts a call that changes the disk. `needs_room`: a full disk refuses it. SQLITE_OK, or `error`, or SQLITE_FULL.
    int admit(int error, bool needs_room)
    {
        if (dead) return error;
        ++calls;
        if (full && needs_room) return SQLITE_FULL;
        if (left < 0 || left-- > 0) return SQLITE_OK;
        if (fault == DiskFault::full && !needs_room) {
            left = 0; // at the next one that does
            return SQLITE_OK;
        }
        ++times[static_cast<std::size_t>(fault)];
        if (fault == DiskFault::io_error) return error;
        if (fault == DiskFault::full) {
            full = true;
            return SQLITE_FULL;
        }
        dead = true;
        power_went = fault == DiskFault::power_lost;
        return error;
    }

    bool one_in_two() { return (chance() & 1) != 0; }

    /// Of what was not synced, some arrives, in any order, each cut at a sector.
    void lose_unsynced(Content& file)
    {
        auto bytes = file.durable;
        auto pending = std::move(file.unsynced);
        std::shuffle(pending.begin(), pending.end(), chance);
        for (auto& change : pending) {
            if (one_in_two()) continue;
            if (!change.truncates && change.bytes.size() > sector && one_in_two())
                change.bytes.resize(sector * (1 + chance() % (change.bytes.size() / sector)));
            Content::apply(bytes, change);
        }
        file.begin_with(bytes);
    }
};

namespace {

struct File {
    sqlite3_file base;
    Disk::State* disk;
    std::shared_ptr<Content>* content; ///< owned
    int level;
    bool uses_shm;
    unsigned shm_shared, shm_exclusive; ///< locks of this connection, as bits
};

File& file(sqlite3_file* f)
{
    return *reinterpret_cast<File*>(f);
}
Content& content(sqlite3_file* f)
{
    return **file(f).content;
}

int unlock(sqlite3_file* f, int level)
{
    auto& mine = file(f);
    auto& all = content(f);
    if (mine.level <= level) return SQLITE_OK;
    if (all.exclusive == f) all.exclusive = nullptr;
    if (all.pending == f) all.pending = nullptr;
    if (all.reserved == f) all.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE) --all.shared;
    mine.level = level;
    return SQLITE_OK;
}

int lock(sqlite3_file* f, int level)
{
    auto& mine = file(f);
    auto& all = content(f);
    if (mine.level >= level) return SQLITE_OK;
    if (mine.level == SQLITE_LOCK_NONE) {
        if (all.exclusive != nullptr || all.pending != nullptr) return SQLITE_BUSY;
        ++all.shared;
        mine.level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED && all.reserved != f) {
        if (all.reserved != nullptr) return SQLITE_BUSY;
        all.reserved = f;
        mine.level = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        all.pending = f;
        mine.level = SQLITE_LOCK_PENDING;
        if (all.shared > 1) return SQLITE_BUSY;
        all.exclusive = f;
        mine.level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

int shm_unmap(sqlite3_file* f, int remove)
{
    auto& mine = file(f);
    auto& all = content(f);
    for (std::size_t i = 0; i < shm_locks; ++i) {
        if ((mine.shm_shared & (1u << i)) != 0) --all.shm_shared[i];
        if (all.shm_exclusive[i] == f) all.shm_exclusive[i] = nullptr;
    }
    mine.shm_shared = mine.shm_exclusive = 0;
    if (mine.uses_shm && --all.shm_users == 0) all.regions.clear();
    mine.uses_shm = false;
    (void)remove;
    return SQLITE_OK;
}

int close(sqlite3_file* f)
{
    shm_unmap(f, 0);
    unlock(f, SQLITE_LOCK_NONE);
    delete file(f).content;
    return SQLITE_OK;
}

int read(sqlite3_file* f, void* to, int count, sqlite3_int64 at)
{
    const auto& bytes = content(f).now;
    const auto from = std::min(static_cast<std::size_t>(at), bytes.size());
    const auto there = std::min(bytes.size() - from, static_cast<std::size_t>(count));
    bytes.read(from, static_cast<std::uint8_t*>(to), there);
    if (there == static_cast<std::size_t>(count)) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(count) - there);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* f, const void* from, int count, sqlite3_int64 at)
{
    auto& disk = *file(f).disk;
    const bool was_dead = disk.dead;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    const auto code = disk.admit(SQLITE_IOERR_WRITE, true);
    auto arrives = static_cast<std::size_t>(count);
    if (code != SQLITE_OK) {
        if (was_dead || !disk.dead || !disk.one_in_two()) return code;
        arrives /= 2;
    }
    content(f).change({static_cast<std::size_t>(at), {bytes, bytes + arrives}, false});
    return code;
}

int truncate(sqlite3_file* f, sqlite3_int64 size)
{
    const auto code = file(f).disk->admit(SQLITE_IOERR_TRUNCATE, false);
    if (code == SQLITE_OK && content(f).now.size() > static_cast<std::size_t>(size)) content(f).change({static_cast<std::size_t>(size), {}, true});
    return code;
}

int sync(sqlite3_file* f, int)
{
    auto& disk = *file(f).disk;
    const auto code = disk.admit(SQLITE_IOERR_FSYNC, false);
    if (code == SQLITE_OK && !disk.lies) content(f).sync();
    return code;
}

int file_size(sqlite3_file* f, sqlite3_int64* size)
{
    *size = static_cast<sqlite3_int64>(content(f).now.size());
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* f, int* result)
{
    *result = content(f).reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
/// As SQLite takes all disks to be: a write that the power cuts damages nothing beside it.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** at)
{
    auto& all = content(f);
    auto& mine = file(f);
    if (!mine.uses_shm) {
        mine.uses_shm = true;
        ++all.shm_users;
    }
    const auto index = static_cast<std::size_t>(page);
    *at = nullptr;
    if (all.regions.size() <= index && extend == 0) return SQLITE_OK;
    while (all.regions.size() <= index) all.regions.push_back(std::make_unique<Bytes>(static_cast<std::size_t>(size)));
    *at = all.regions[index]->data();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* f, int offset, int count, int flags)
{
    auto& all = content(f);
    auto& mine = file(f);
    const auto each = [&](auto&& test) {
        for (auto i = static_cast<std::size_t>(offset); i < static_cast<std::size_t>(offset + count); ++i)
            if (!test(i, 1u << i)) return false;
        return true;
    };
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        each([&](std::size_t i, unsigned bit) {
            if ((mine.shm_shared & bit) != 0) --all.shm_shared[i];
            if (all.shm_exclusive[i] == f) all.shm_exclusive[i] = nullptr;
            mine.shm_shared &= ~bit;
            mine.shm_exclusive &= ~bit;
            return true;
        });
        return SQLITE_OK;
    }
    if ((flags & SQLITE_SHM_SHARED) != 0) {
        if (!each([&](std::size_t i, unsigned) { return all.shm_exclusive[i] == nullptr || all.shm_exclusive[i] == f; })) return SQLITE_BUSY;
        each([&](std::size_t i, unsigned bit) {
            if ((mine.shm_shared & bit) == 0) ++all.shm_shared[i];
            mine.shm_shared |= bit;
            return true;
        });
        return SQLITE_OK;
    }
    const auto is_free = [&](std::size_t i, unsigned bit) {
        return (all.shm_exclusive[i] == nullptr || all.shm_exclusive[i] == f) && all.shm_shared[i] == ((mine.shm_shared & bit) != 0 ? 1 : 0);
    };
    if (!each(is_free)) return SQLITE_BUSY;
    each([&](std::size_t i, unsigned bit) {
        all.shm_exclusive[i] = f;
        mine.shm_exclusive |= bit;
        return true;
    });
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

const sqlite3_io_methods methods{2,    close, read, write, truncate, sync, file_size, lock, unlock, check_reserved, control, sector_size, characteristics,
                                 shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

Disk::State& state(sqlite3_vfs* vfs)
{
    return *static_cast<Disk::State*>(vfs->pAppData);
}

/// A disk holds one folder: files are known by their names in it, wherever the folder stands.
std::string_view name_in_folder(const char* path)
{
    const std::string_view whole{path};
    return whole.substr(whole.rfind('/') + 1);
}

int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* f, int flags, int* out_flags)
{
    auto& disk = state(vfs);
    auto& made = file(f);
    made.base.pMethods = nullptr;
    std::shared_ptr<Content> found;
    if (path == nullptr) {
        found = std::make_shared<Content>(); // a temporary one
    } else if (const auto known = disk.files.find(name_in_folder(path)); known != disk.files.end()) {
        found = known->second;
    } else {
        if (disk.dead || (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        found = disk.files.emplace(name_in_folder(path), std::make_shared<Content>()).first->second;
    }
    made = {{&methods}, &disk, new std::shared_ptr<Content>{std::move(found)}, SQLITE_LOCK_NONE, false, 0, 0};
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

/// Names are kept by the file system's own journal: a deletion is whole and lasts.
int remove(sqlite3_vfs* vfs, const char* path, int)
{
    auto& disk = state(vfs);
    const auto known = disk.files.find(name_in_folder(path));
    if (known == disk.files.end()) return SQLITE_IOERR_DELETE_NOENT;
    const auto code = disk.admit(SQLITE_IOERR_DELETE, false);
    if (code == SQLITE_OK) disk.files.erase(known);
    return code;
}

int access(sqlite3_vfs* vfs, const char* path, int, int* result)
{
    const auto known = state(vfs).files.find(name_in_folder(path));
    *result = known != state(vfs).files.end() && known->second->now.size() != 0 ? 1 : 0;
    return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* path, int size, char* out)
{
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

} // namespace

const char* name(DiskFault fault) noexcept
{
    switch (fault) {
    case DiskFault::killed: return "killed";
    case DiskFault::power_lost: return "power lost";
    case DiskFault::io_error: return "I/O error";
    case DiskFault::full: return "disk full";
    }
    return "";
}

Disk::Disk(std::string name, std::uint64_t seed) : name_{std::move(name)}, state_{std::make_unique<State>()}
{
    auto& vfs = state_->vfs;
    state_->real = sqlite3_vfs_find(nullptr);
    state_->name = name_;
    state_->chance.seed(seed);
    vfs = *state_->real; // time and chance go to the real one, which ignores the object that it is called on
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(File));
    vfs.pNext = nullptr;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_pathname;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error{"SQLite refuses the simulated disk"};
}

Disk::~Disk()
{
    sqlite3_vfs_unregister(&state_->vfs);
}

void Disk::fail_after(int calls, DiskFault fault)
{
    state_->left = calls;
    state_->fault = fault;
}

void Disk::lie_about_syncs(bool lies) noexcept
{
    state_->lies = lies;
}

void Disk::power_on()
{
    if (state_->power_went)
        for (auto& [path, file] : state_->files) state_->lose_unsynced(*file);
    state_->dead = false;
    state_->power_went = false;
    state_->left = -1;
}

void Disk::make_room() noexcept
{
    state_->full = false;
    if (state_->fault == DiskFault::full) state_->left = -1;
}

bool Disk::is_dead() const noexcept
{
    return state_->dead;
}

bool Disk::is_full() const noexcept
{
    return state_->full;
}

int Disk::writes() const noexcept
{
    return state_->calls;
}

std::int64_t Disk::times(DiskFault fault) const noexcept
{
    return state_->times[static_cast<std::size_t>(fault)];
}

Disk::Image Disk::image() const
{
    Image all;
    for (const auto& [path, file] : state_->files) all.emplace(path, std::make_shared<const FileImage>(FileImage{file->now}));
    return all;
}

void Disk::restore(const Image& image)
{
    state_->files.clear();
    for (const auto& [path, bytes] : image) {
        auto file = std::make_shared<Content>();
        file->begin_with(bytes->bytes);
        state_->files.emplace(path, std::move(file));
    }
}

void Disk::each_file(const std::function<void(std::string_view)>& take) const
{
    for (const auto& [path, file] : state_->files) {
        std::string bytes;
        bytes.reserve(file->now.size());
        file->now.each_chunk([&](const std::uint8_t* chunk, std::size_t size) { bytes.append(reinterpret_cast<const char*>(chunk), size); });
        take(bytes);
    }
}

} // namespace roadbook::simulation
