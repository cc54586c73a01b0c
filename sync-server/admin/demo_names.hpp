#pragma once
// The words that the demo books are made of. Data alone: who uses them is in the other demo files.
#include <array>
#include <span>

namespace roadbook::server::demo {

struct City {
    const char* name;
    const char* state;
    const char* postal_code;
    int latitude_e4, longitude_e4; ///< ten-thousandths of a degree: a city, not a house
};

/// One of the six; its first two cities are one rep's patch, the other two another's.
struct Territory {
    const char* name;
    const char* code;
    bool is_chinese;   ///< else American: the language of its customers, their currency, tax and country
    int nine_in_utc;   ///< the hour in UTC at which it is nine in the morning there, in winter
    std::array<City, 4> cities;
};
inline constexpr int territory_count = 6;
inline constexpr int patch_count = 2 * territory_count;
[[nodiscard]] const std::array<Territory, territory_count>& territories() noexcept;

struct Person {
    const char* name;
    const char* role;
    const char* title;
    int reports_to; ///< place in this table, -1: to nobody
};
inline constexpr int head = 0, sales_manager = 1, service_manager = 2; ///< the three managers
inline constexpr int dispatcher = 3, finance = 4, product_manager = 5;
inline constexpr int first_rep = 7;                                    ///< by patch
inline constexpr int first_engineer = first_rep + patch_count;         ///< the first half for China
inline constexpr int engineer_count = 8;
inline constexpr int people_count = first_engineer + engineer_count;
[[nodiscard]] const std::array<Person, people_count>& people() noexcept;

struct Product {
    const char* code;
    const char* name;
    const char* category;
    const char* unit;
    int cny; ///< whole yuan at the list's first version
    int usd; ///< whole dollars
    bool is_machine; ///< else a spare part or supplies
};
[[nodiscard]] std::span<const Product> products() noexcept;

/// In one language: for the names of customers and of people there, and for what they say.
struct Words {
    std::span<const char* const> brands, trades, forms, streets, surnames, given_names, titles;
    std::span<const char* const> purposes, outcomes, next_steps, promises, repairs, reports;
};
[[nodiscard]] const Words& words(bool is_chinese) noexcept;

} // namespace roadbook::server::demo
