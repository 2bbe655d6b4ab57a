# Part of an install: fails when files would go where git would find them: into a checkout, its build/
# apart. (A package is built in a copy without .git, and staged inside of it.) Expects source_dir,
# binary_dir and sysconf_dir (absolute, or relative to the prefix).
if(NOT EXISTS "${source_dir}/.git")
    return()
endif()
file(REAL_PATH "${source_dir}" source)
file(REAL_PATH "${binary_dir}" binary)
foreach(place "${CMAKE_INSTALL_PREFIX}" "${sysconf_dir}")
    cmake_path(ABSOLUTE_PATH place BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE)
    file(REAL_PATH "$ENV{DESTDIR}${place}" place)
    cmake_path(IS_PREFIX source "${place}" in_source)
    cmake_path(IS_PREFIX binary "${place}" in_binary)
    string(FIND "${place}/" "${source}/build/" build)
    if(in_source AND NOT in_binary AND NOT build EQUAL 0)
        message(FATAL_ERROR "'${place}' lies in the source tree: install elsewhere, with --prefix DIR "
            "or DESTDIR=DIR")
    endif()
endforeach()
