// Stands in for malloc in the program that links it.
#include "tests/support/peak_memory.hpp"

#include <atomic>
#include <cerrno>
#include <malloc.h>

namespace {

std::atomic<std::size_t> in_use{0};
std::atomic<std::size_t> peak{0};

#if defined(__has_feature) // clang says by this which sanitizer it builds for, g++ by macros
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROADBOOK_HAS_A_SANITIZERS_MALLOC 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROADBOOK_HAS_A_SANITIZERS_MALLOC 1
#endif

#ifndef ROADBOOK_HAS_A_SANITIZERS_MALLOC
#define ROADBOOK_COUNTS_MEMORY 1

void* count_in(void* block)
{
    if (block == nullptr) return nullptr;
    const auto now = in_use.fetch_add(malloc_usable_size(block), std::memory_order_relaxed) + malloc_usable_size(block);
    auto before = peak.load(std::memory_order_relaxed);
    while (now > before && !peak.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
    }
    return block;
}

void count_out(void* block)
{
    if (block != nullptr) in_use.fetch_sub(malloc_usable_size(block), std::memory_order_relaxed);
}
#endif

} // namespace

#ifdef ROADBOOK_COUNTS_MEMORY
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept
{
    return count_in(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) noexcept
{
    return count_in(__libc_calloc(count, size));
}
void* realloc(void* block, std::size_t size) noexcept
{
    count_out(block);
    void* const moved = __libc_realloc(block, size);
    if (moved == nullptr && size != 0) return count_in(block), nullptr; // the old one stays
    return count_in(moved);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept
{
    return count_in(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    return memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept
{
    *block = memalign(alignment, size);
    return *block == nullptr ? ENOMEM : 0;
}
void free(void* block) noexcept
{
    count_out(block);
    __libc_free(block);
}
}
#endif

namespace roadbook::testing {

bool memory_is_counted()
{
#ifdef ROADBOOK_COUNTS_MEMORY
    return true;
#else
    return false;
#endif
}

PeakMemory::PeakMemory() : before_{in_use.load()}
{
    peak.store(before_);
}

std::size_t PeakMemory::bytes() const
{
    return peak.load() - before_;
}

} // namespace roadbook::testing
