#include "tests/simulation/crash_vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <new>
#include <stdexcept>

namespace roadbook::simulation {

struct Disk::State {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::string name;
    int writes = 0;
    int left = -1; ///< writes until the power goes; -1: it stays
    bool torn = false;
    bool dead = false;

    /// Counts a write. True: it may happen.
    bool lives()
    {
        if (dead) return false;
        ++writes;
        if (left < 0 || left-- > 0) return true;
        dead = true;
        return false;
    }
};

namespace {

struct File {
    sqlite3_file base;
    Disk::State* disk;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& file(sqlite3_file* f)
{
    return *reinterpret_cast<File*>(f);
}
sqlite3_file* real(sqlite3_file* f)
{
    return file(f).real();
}

int close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read(sqlite3_file* f, void* to, int count, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, count, at); }
int write(sqlite3_file* f, const void* from, int count, sqlite3_int64 at)
{
    auto& disk = *file(f).disk;
    const bool was_dead = disk.dead;
    if (disk.lives()) return real(f)->pMethods->xWrite(real(f), from, count, at);
    if (!was_dead && disk.torn && count > 1) real(f)->pMethods->xWrite(real(f), from, count / 2, at);
    return SQLITE_IOERR_WRITE;
}
int truncate(sqlite3_file* f, sqlite3_int64 size)
{
    return file(f).disk->lives() ? real(f)->pMethods->xTruncate(real(f), size) : SQLITE_IOERR_TRUNCATE;
}
int sync(sqlite3_file* f, int flags)
{
    return file(f).disk->lives() ? real(f)->pMethods->xSync(real(f), flags) : SQLITE_IOERR_FSYNC;
}
int file_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_reserved(sqlite3_file* f, int* result) { return real(f)->pMethods->xCheckReservedLock(real(f), result); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int characteristics(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** at) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, at); }
int shm_lock(sqlite3_file* f, int offset, int count, int flags) { return real(f)->pMethods->xShmLock(real(f), offset, count, flags); }
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods methods{2,    close, read, write, truncate, sync, file_size, lock, unlock, check_reserved, control, sector_size, characteristics,
                                 shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

Disk::State& state(sqlite3_vfs* vfs)
{
    return *static_cast<Disk::State*>(vfs->pAppData);
}

int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* f, int flags, int* out_flags)
{
    auto& disk = state(vfs);
    auto& made = file(f);
    made.base.pMethods = nullptr;
    made.disk = &disk;
    if (disk.dead && (flags & SQLITE_OPEN_CREATE) != 0) return SQLITE_CANTOPEN;
    const auto code = disk.real->xOpen(disk.real, path, made.real(), flags, out_flags);
    if (made.real()->pMethods != nullptr) made.base.pMethods = &methods;
    return code;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_folder)
{
    auto& disk = state(vfs);
    return disk.lives() ? disk.real->xDelete(disk.real, path, sync_folder) : SQLITE_IOERR_DELETE;
}

} // namespace

Disk::Disk(std::string name) : name_{std::move(name)}, state_{new State}
{
    auto& vfs = state_->vfs;
    state_->real = sqlite3_vfs_find(nullptr);
    state_->name = name_;
    vfs = *state_->real; // all that is not ours below goes to the real one, which ignores the object it is called on
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
    vfs.pNext = nullptr;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = [](sqlite3_vfs* v, const char* path, int flags, int* result) { return state(v).real->xAccess(state(v).real, path, flags, result); };
    vfs.xFullPathname = [](sqlite3_vfs* v, const char* path, int size, char* out) { return state(v).real->xFullPathname(state(v).real, path, size, out); };
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error{"SQLite refuses the simulated disk"};
}

Disk::~Disk()
{
    sqlite3_vfs_unregister(&state_->vfs);
    delete state_;
}

void Disk::fail_after(int writes, bool torn)
{
    state_->left = writes;
    state_->torn = torn;
}

void Disk::power_on()
{
    state_->dead = false;
    state_->left = -1;
}

bool Disk::is_dead() const noexcept
{
    return state_->dead;
}

int Disk::writes() const noexcept
{
    return state_->writes;
}

} // namespace roadbook::simulation
