# What ships is hardened as Debian's packages are, however it is built: packages and tarball add nothing
# of their own. Only where the compiler optimises, which FORTIFY needs, and without sanitizers, which
# replace what it checks. tests/system/hardening_test.py looks at the binaries.
if(NOT CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel|None)$" OR ISINFETCH_SANITIZE)
    return()
endif()
include(CheckCXXCompilerFlag)

foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "ISINFETCH_HAS${flag}" has)
    check_cxx_compiler_flag(${flag} ${has})  # the last one is for x86 only
    if(${has})
        target_compile_options(isinfetch_flags INTERFACE ${flag})
    endif()
endforeach()
# -fPIE, not CMake's -fPIC: nobody takes the place of our own functions.
target_compile_options(isinfetch_flags INTERFACE -fPIE)
# Packages say which level they want. Undefined first, for some compilers define it themselves.
if(NOT CMAKE_CXX_FLAGS MATCHES "_FORTIFY_SOURCE")
    target_compile_options(isinfetch_flags INTERFACE
        "SHELL:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2")
endif()
target_link_options(isinfetch_flags INTERFACE -pie LINKER:-z,relro,-z,now,-z,noexecstack)
