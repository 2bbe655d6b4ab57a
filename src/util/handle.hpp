// Ownership of C handles: one pointer wide, closed by the library's own function.
#pragma once

#include <memory>

namespace isinfetch {

/// Calls a C function as a deleter: Handle<sqlite3, sqlite3_close_v2>.
template <auto Close>
struct Closer {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Close(pointer);
    }
};

template <class T, auto Close>
using Handle = std::unique_ptr<T, Closer<Close>>;

}  // namespace isinfetch
