#!/usr/bin/env python3
"""Makes table.cpp: how characters are folded for search, and the pinyin initial of each Chinese character.

Run by hand when a newer Unicode is wanted (python3 and Debian's icu-devtools): ./generate.py > table.cpp
Then raise search_text_version in search_text.hpp, so that devices rebuild their index.
"""
import subprocess
import unicodedata

HAN_FIRST, HAN_LAST = 0x4E00, 0x9FFF
BLOCKS = [(0x00AA, 0x052F), (0x1E00, 0x1FFF), (0x2070, 0x209F), (0x2100, 0x214F), (0x2160, 0x2188), (0x2460, 0x24FF),
          (0x30A0, 0x30FF), (0x3040, 0x309F), (0x3200, 0x33FF), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0xFF00, 0xFFEF)]
FRACTIONS = set(range(0x00BC, 0x00BF))
NO_DECOMPOSITION = {'ø': 'o', 'đ': 'd', 'ł': 'l', 'ı': 'i', 'æ': 'ae', 'œ': 'oe', 'þ': 'th', 'ð': 'd', 'ħ': 'h', 'ŧ': 't'}


def fold(character):
    text = unicodedata.normalize('NFKC', unicodedata.normalize('NFKC', character).casefold())
    text = ''.join(NO_DECOMPOSITION.get(c, c) for c in text)
    text = ''.join(c for c in unicodedata.normalize('NFD', text) if unicodedata.category(c) != 'Mn')
    text = unicodedata.normalize('NFC', ''.join(NO_DECOMPOSITION.get(c, c) for c in text))
    return ''.join(c for c in text if unicodedata.category(c)[0] in 'LN')


def folded():
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            character = chr(code)
            text = fold(character)
            if text and text != character and code not in FRACTIONS and unicodedata.category(character) != 'Cn':
                yield character + text


def initials():
    characters = [chr(code) for code in range(HAN_FIRST, HAN_LAST + 1)]
    said = subprocess.run(['uconv', '-f', 'utf-8', '-t', 'utf-8', '-x', 'Han-Latin; Latin-ASCII; Lower'],
                          input='\n'.join(characters), capture_output=True, text=True, check=True).stdout.split('\n')
    assert len(said) == len(characters)
    return ''.join(s[0] if s and 'a' <= s[0] <= 'z' else '.' for s in said)


def lines(text, width):
    return '\n'.join(f'    "{text[i:i + width]}"' for i in range(0, len(text), width))


print('// Made by generate.py from Unicode', unicodedata.unidata_version, 'and ICU. Not edited by hand.')
print('#include "shared/storage/characters/table.hpp"\n\nnamespace roadbook::storage::characters {\n')
print('const std::string_view folded =')
print(lines(' '.join(folded()) + ' ', 100) + ';\n')
print('const std::string_view han_initials =')
print(lines(initials(), 128) + ';\n')
print('} // namespace roadbook::storage::characters')
