#pragma once

namespace roadbook {

/// One lambda for each alternative of a std::visit; a missing one does not compile.
template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};

} // namespace roadbook
