# Which source files can be compiled as one: see ISINFETCH_TOGETHER.

# Two warnings less, of what is right in a file by itself: a name of a function's own that another file has
# as well, and a class of a header with a part that only its own file knows. Linked last.
add_library(isinfetch_together INTERFACE)
target_compile_options(isinfetch_together INTERFACE
    -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)

# names_of_its_own(FILE OUT): what a file declares at the beginning of a line, such as 'struct Row {',
# 'constexpr int kTries = 3;', 'std::string name_of(int code) {', 'using std::chrono::seconds;', but
# not 'int Reader::next() {'. Files that share such a name cannot be one.
function(names_of_its_own file out)
    file(READ ${file} text)
    string(REGEX REPLACE "[][;]" "@" text "${text}")
    string(REGEX MATCHALL "\n[A-Za-z_][^\n]*" lines "${text}")
    set(names "")
    foreach(line IN LISTS lines)
        if(line MATCHES "^\n(namespace|using namespace|template|static_assert)[ <(]")
            continue()
        endif()
        if(line MATCHES "^\n(struct|class|union|enum class|enum) ([A-Za-z0-9_]+)"
            OR line MATCHES "^\n(using )[A-Za-z0-9_:]*::([A-Za-z0-9_]+)@"
            OR line MATCHES "^\n([^(={@]*[ *&>])?([A-Za-z0-9_]+) *[(={@]")
            list(APPEND names ${CMAKE_MATCH_2})
        endif()
    endforeach()
    set(${out} "${names}" PARENT_SCOPE)
endfunction()

# compile_together(TARGET COUNT SOURCE…): puts each into the first group that has room for it and none of
# its names. Those that have a group already, or are to be alone, stay so.
function(compile_together target most)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    target_link_libraries(${target} PRIVATE isinfetch_together)
    set(groups 0)
    foreach(source IN LISTS ARGN)
        get_source_file_property(group ${source} UNITY_GROUP)
        get_source_file_property(is_alone ${source} SKIP_UNITY_BUILD_INCLUSION)
        if(group OR is_alone)
            continue()
        endif()
        cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
        names_of_its_own(${file} names)
        foreach(number RANGE ${groups})
            set(group ${number})
            list(LENGTH members_${group} count)
            set(shared "")
            foreach(name IN LISTS names)
                if(name IN_LIST names_${group})
                    set(shared ${name})
                    break()
                endif()
            endforeach()
            if(count LESS ${most} AND NOT shared)
                break()
            endif()
        endforeach()
        list(APPEND members_${group} ${source})
        list(APPEND names_${group} ${names})
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP together${group})
        if(group EQUAL groups)
            math(EXPR groups "${groups} + 1")
        endif()
    endforeach()
endfunction()
