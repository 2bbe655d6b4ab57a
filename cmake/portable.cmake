# The tarball for systems without a package: one folder that runs wherever it is unpacked, with every
# library but glibc's own beside the program. CPack makes it of what cmake --install puts in place.
option(ISINFETCH_PORTABLE "Carry all libraries along, for the tarball" OFF)

set(CPACK_GENERATOR TXZ)
set(CPACK_PACKAGE_NAME isinfetch)
set(CPACK_PACKAGE_FILE_NAME isinfetch-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
include(CPack)

if(ISINFETCH_PORTABLE)
    set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib/isinfetch")
    install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

# install_program(TARGET): the program, with its libraries where it has to be portable. glibc belongs
# to the system: it loads modules of its own version (name service, character sets).
function(install_program target)
    if(NOT ISINFETCH_PORTABLE)
        install(TARGETS ${target})
        return()
    endif()
    # The old kind of path: the new one is not used for the libraries that libraries need.
    target_link_options(${target} PRIVATE -Wl,--disable-new-dtags)
    install(TARGETS ${target} RUNTIME_DEPENDENCIES
        PRE_EXCLUDE_REGEXES "^(ld-linux|libc|libm|libdl|librt|libpthread|libresolv|libnsl)[-.]"
        LIBRARY DESTINATION lib/isinfetch
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
