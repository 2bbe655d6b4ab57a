// How much of a random test is played.
#pragma once

/// There where a sanitizer is linked, whatever the tests themselves were compiled with.
extern "C" __attribute__((weak)) void __asan_init();  // NOLINT(readability-identifier-naming)
extern "C" __attribute__((weak)) void __tsan_init();  // NOLINT(readability-identifier-naming)

/// All of them over the library as it ships; a fifth of them where a sanitizer watches, which makes
/// each many times as slow and looks at memory rather than at answers.
inline unsigned rounds(unsigned all) {
    const bool is_watched = &__asan_init != nullptr || &__tsan_init != nullptr;
    return is_watched ? (all + 4) / 5 : all;
}
