#include "shared/storage/search_text.hpp"

#include "shared/base/utf8.hpp"
#include "shared/storage/characters/fold.hpp"

#include <algorithm>
#include <cctype>

namespace roadbook::storage {
namespace {

using characters::Class;

constexpr std::size_t term_bytes_max = 60;  // a longer word is found by its beginning
constexpr std::size_t joined_parts_max = 8; // of a code: AB-12-34-...
constexpr std::size_t query_bytes_max = 256;
constexpr std::size_t query_words_max = 16;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool has_digit(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), is_digit);
}

/// A telephone number, however it is grouped: "(5) 555-4729" is "5-555-4729".
bool is_number_with_gaps(std::string_view folded)
{
    return has_digit(folded) && std::all_of(folded.begin(), folded.end(), [](char c) { return is_digit(c) || c == ' ' || c == '-'; });
}

/// One piece of a chunk: a word, or a run of characters that have no spaces between words.
struct Piece {
    std::string_view text;
    bool is_dense = false;
};

/// The pieces of a folded text up to the next space.
class Chunks {
public:
    explicit Chunks(std::string_view folded) : rest_{folded} {}

    bool next(std::vector<Piece>& pieces)
    {
        pieces.clear();
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '-')) rest_.remove_prefix(1);
        while (!rest_.empty() && rest_.front() != ' ') {
            if (rest_.front() == '-')
                rest_.remove_prefix(1);
            else
                pieces.push_back(take_piece());
        }
        return !pieces.empty();
    }

private:
    Piece take_piece()
    {
        const auto start = rest_;
        bool is_dense = false;
        for (bool first = true; !rest_.empty() && rest_.front() != ' ' && rest_.front() != '-'; first = false) {
            auto after = rest_;
            const auto character = take_utf8(after).value_or(U' '); // folded text is valid
            const bool dense = characters::class_of(character) == Class::dense;
            if (first) is_dense = dense;
            if (dense != is_dense) break;
            rest_ = after;
        }
        return {start.substr(0, start.size() - rest_.size()), is_dense};
    }

    std::string_view rest_;
};

void add_term(std::string& terms, std::string_view term)
{
    if (term.empty()) return;
    if (!terms.empty()) terms.push_back(' ');
    terms.append(term.substr(0, term_bytes_max));
}

/// 北京华联: 北京 京华 华联 联. Two characters are one term; one character is the beginning of a term.
void add_pairs(std::string& terms, std::string_view run)
{
    while (!run.empty()) {
        auto rest = run;
        (void)take_utf8(rest);
        auto after_next = rest;
        (void)take_utf8(after_next);
        add_term(terms, run.substr(0, run.size() - after_next.size()));
        run = rest;
    }
}

/// Codes are typed with and without what stands between their parts, and from any part on: x-200-b, x200b, 200b.
void add_joined(std::string& terms, const std::vector<Piece>& pieces)
{
    if (pieces.size() < 2 || pieces.size() > joined_parts_max) return;
    std::string joined;
    for (std::size_t from = 0; from + 1 < pieces.size(); ++from) {
        joined.clear();
        for (std::size_t i = from; i < pieces.size() && !pieces[i].is_dense; ++i) joined += pieces[i].text;
        if (joined.size() > pieces[from].text.size() && has_digit(joined)) add_term(terms, joined);
    }
}

/// "q2026" is also found by its number.
void add_trailing_number(std::string& terms, std::string_view word)
{
    const auto last_letter = word.find_last_not_of("0123456789");
    if (last_letter == std::string_view::npos || word.size() - last_letter < 3) return;
    add_term(terms, word.substr(last_letter + 1));
}

void add_text(std::string& terms, std::string_view text)
{
    auto folded = fold(text);
    if (is_number_with_gaps(folded)) std::replace(folded.begin(), folded.end(), ' ', '-');
    Chunks chunks{folded};
    std::vector<Piece> pieces;
    while (chunks.next(pieces)) {
        for (const auto& piece : pieces) {
            if (piece.is_dense) {
                add_pairs(terms, piece.text);
            } else {
                add_term(terms, piece.text);
                add_trailing_number(terms, piece.text);
            }
        }
        add_joined(terms, pieces);
    }
}

std::string initials_of_run(std::string_view run)
{
    std::u32string characters;
    while (const auto c = take_utf8(run)) characters.push_back(*c);
    std::string initials;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const auto word = i + 1 < characters.size() ? characters::initials_of_word(characters[i], characters[i + 1]) : std::string_view{};
        if (!word.empty()) {
            initials += word;
            ++i;
        } else if (const char initial = characters::initial_of(characters[i])) {
            initials.push_back(initial);
        }
    }
    return initials;
}

void add_initials(std::string& terms, std::string_view text)
{
    const auto folded = fold(text);
    Chunks chunks{folded};
    std::vector<Piece> pieces;
    while (chunks.next(pieces))
        for (const auto& piece : pieces)
            if (piece.is_dense) add_pairs(terms, initials_of_run(piece.text));
}

void add_fields(std::string& terms, const std::vector<schema::Field>& declared, const schema::Fields& values, std::string_view except)
{
    for (const auto& field : declared) {
        if (!field.is_searched || field.name == except) continue;
        if (const auto at = values.find(field.name); at != values.end())
            if (const auto* text = std::get_if<std::string>(&at->second)) add_text(terms, *text);
    }
}

/// Terms hold letters, digits and bytes over 127 only, so quotes suffice.
std::string quoted(std::string_view terms)
{
    return '"' + std::string{terms} + '"';
}

bool is_latin_letters(std::string_view word)
{
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// 京华: a phrase of pairs without the last character alone, which a longer text does not have there.
std::string phrase(std::string_view run)
{
    std::string pairs;
    add_pairs(pairs, run);
    const auto last = pairs.rfind(' ');
    return last == std::string::npos ? quoted(pairs) + "*" : quoted(std::string_view{pairs}.substr(0, last));
}

std::string asked(const Piece& piece)
{
    if (piece.is_dense) return phrase(piece.text);
    const auto word = quoted(piece.text.substr(0, term_bytes_max)) + "*";
    // one or two letters: the beginning of a pair of initials is the beginning of a term
    if (piece.text.size() < 3 || !is_latin_letters(piece.text)) return word;
    return "(" + word + " OR initials : " + phrase(piece.text) + ")";
}

} // namespace

std::string fold(std::string_view text)
{
    std::string folded;
    folded.reserve(text.size());
    char gap = 0; // what stands before the next word
    const auto begin_word = [&] {
        if (gap && !folded.empty()) folded.push_back(gap);
        gap = 0;
    };
    while (!text.empty()) {
        const auto character = take_utf8(text);
        if (!character) { // a byte that nobody wrote separates, like a space
            text.remove_prefix(1);
            gap = ' ';
            continue;
        }
        if (*character < 0x80 && std::isalnum(static_cast<int>(*character))) {
            begin_word();
            folded.push_back(static_cast<char>(std::tolower(static_cast<int>(*character))));
            continue;
        }
        if (const auto form = characters::folded_form(*character); !form.empty()) {
            begin_word();
            folded += form;
            continue;
        }
        switch (characters::class_of(*character)) {
        case Class::word:
        case Class::dense:
            begin_word();
            append_utf8(folded, *character);
            break;
        case Class::mark: break;
        case Class::space: gap = ' '; break;
        case Class::other: gap = gap == ' ' ? ' ' : '-'; break;
        }
    }
    return folded;
}

std::string title_key(std::string_view title)
{
    auto key = fold(title);
    std::replace(key.begin(), key.end(), '-', ' ');
    return key;
}

Terms terms_of(const schema::Record& record, const schema::Kind& kind)
{
    Terms terms;
    if (record.deleted_at) return terms;
    if (const auto* title = std::get_if<std::string>(&record[kind.title])) {
        add_text(terms.title, *title);
        add_initials(terms.initials, *title);
    }
    add_fields(terms.rest, kind.fields, record.fields, kind.title);
    for (const auto& collection : kind.collections) {
        const auto children = record.collections.find(collection.name);
        if (children == record.collections.end()) continue;
        for (const auto& child : children->second)
            if (!child.removed) add_fields(terms.rest, collection.fields, child.fields, {});
    }
    return terms;
}

std::string match_expression(std::string_view typed)
{
    const auto folded = fold(typed.substr(0, query_bytes_max));
    Chunks chunks{folded};
    std::vector<Piece> pieces;
    std::string expression;
    std::size_t words = 0;
    while (chunks.next(pieces)) {
        for (const auto& piece : pieces) {
            if (++words > query_words_max) return expression;
            if (!expression.empty()) expression += " AND ";
            expression += asked(piece);
        }
    }
    return expression;
}

bool mentions(std::string_view text, std::string_view typed)
{
    std::string terms{" "};
    add_text(terms, text);
    const auto folded = fold(typed.substr(0, query_bytes_max));
    Chunks chunks{folded};
    std::vector<Piece> pieces;
    while (chunks.next(pieces)) {
        for (const auto& piece : pieces) {
            std::string wanted;
            if (piece.is_dense)
                add_pairs(wanted, piece.text);
            else
                wanted = piece.text.substr(0, term_bytes_max);
            const auto first = wanted.substr(0, wanted.find(' '));
            if (terms.find(" " + first) != std::string::npos) return true;
        }
    }
    return false;
}

} // namespace roadbook::storage
