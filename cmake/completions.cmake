# The completion scripts, printed by the program that was just built, where each shell looks for them.
if(EXISTS /etc/debian_version)
    set(zsh_functions vendor-completions)
else()
    set(zsh_functions site-functions)
endif()
set(ISINFETCH_ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_functions}
    CACHE STRING "Where zsh looks for completion functions, below the prefix")

# A program for another machine cannot be asked.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(STATUS "Cross compiling: no completion scripts are made")
    return()
endif()

set(completions ${PROJECT_BINARY_DIR}/completions)
set(completion_files "")
foreach(pair bash:isinfetch zsh:_isinfetch fish:isinfetch.fish)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 shell)
    list(GET pair 1 name)
    add_custom_command(OUTPUT ${completions}/${shell}/${name}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}/${shell}
        COMMAND isinfetch completion ${shell} > ${completions}/${shell}/${name}
        DEPENDS isinfetch
        VERBATIM)
    list(APPEND completion_files ${completions}/${shell}/${name})
endforeach()
add_custom_target(completions ALL DEPENDS ${completion_files})

install(FILES ${completions}/bash/isinfetch
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/zsh/_isinfetch DESTINATION ${ISINFETCH_ZSH_COMPLETION_DIR})
install(FILES ${completions}/fish/isinfetch.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
