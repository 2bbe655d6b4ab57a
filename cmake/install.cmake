# Where everything lies once it is installed. The deb, the rpm and the tarball are all made from this.

# The program looks for its configuration in /etc, whatever its prefix is. A STRING: CMake makes a
# relative -D of type PATH absolute, below whatever folder it happens to be called in.
set(CMAKE_INSTALL_SYSCONFDIR /etc CACHE STRING "Configuration")
include(GNUInstallDirs)

# Installing into the source tree leaves files there that end up in a commit: refused, at the first
# step of an install, wherever a prefix, DESTDIR or SYSCONFDIR points. A build folder is fair.
install(CODE "set(source_dir \"${PROJECT_SOURCE_DIR}\")
set(binary_dir \"${PROJECT_BINARY_DIR}\")
set(sysconf_dir \"${CMAKE_INSTALL_SYSCONFDIR}\")")
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/guard_source_tree.cmake)

set(ISINFETCH_ENVIRONMENT_DIR default CACHE STRING
    "Folder below SYSCONFDIR for the units' environment: default (Debian) or sysconfig (Fedora)")
find_package(PkgConfig)
if(PKG_CONFIG_FOUND)
    pkg_check_modules(SYSTEMD QUIET systemd)
endif()

# A merged /usr still has packages that must say /lib: only the distribution knows. Below any other
# prefix systemd looks into lib/systemd/system.
set(unit_dir lib/systemd/system)
if(SYSTEMD_FOUND AND CMAKE_INSTALL_PREFIX STREQUAL /usr)
    pkg_get_variable(unit_dir systemd systemdsystemunitdir)
endif()
set(ISINFETCH_UNIT_DIR ${unit_dir} CACHE STRING "systemd units")

# What differs between the systemds of distributions. RestartMode: without it, 254 and newer start the
# failure unit at every try of a series, not at its end; older ones don't know it and warn.
# ImportCredential: newer ones log each run that finds no credential by LoadCredential.
if(SYSTEMD_FOUND AND SYSTEMD_VERSION VERSION_LESS 254)
    set(ISINFETCH_RESTART_MODE "")
    set(ISINFETCH_CREDENTIAL LoadCredential=isinfetch.credentials)
else()
    set(ISINFETCH_RESTART_MODE "RestartMode=direct\n")
    set(ISINFETCH_CREDENTIAL ImportCredential=isinfetch.credentials)
endif()

# Fills @…@ of systemd/NAME.in; parts that units share are files of their own.
function(read_part name out)
    file(READ ${PROJECT_SOURCE_DIR}/systemd/${name}.in text)
    string(CONFIGURE "${text}" text @ONLY)
    string(REGEX REPLACE "\n+$" "" text "${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()
read_part(identity ISINFETCH_IDENTITY)
read_part(sandbox ISINFETCH_SANDBOX)
read_part(service-common ISINFETCH_UNIT_COMMON)
foreach(unit isinfetch.service isinfetch@.service isinfetch-failure@.service)
    configure_file(systemd/${unit}.in systemd/${unit} @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/systemd/${unit} DESTINATION ${ISINFETCH_UNIT_DIR})
endforeach()
configure_file(config/cron/isinfetch cron/isinfetch @ONLY)

install(FILES systemd/isinfetch.timer systemd/isinfetch@.timer DESTINATION ${ISINFETCH_UNIT_DIR})
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME isinfetch.conf)
install(FILES systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME isinfetch.conf)

file(GLOB catalogue CONFIGURE_DEPENDS config/sources.d/*.yaml)
install(FILES ${catalogue} DESTINATION ${CMAKE_INSTALL_DATADIR}/isinfetch/sources.d)
install(FILES config/isinfetch.yaml DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/isinfetch)
install(DIRECTORY DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/isinfetch/conf.d)
install(FILES ${PROJECT_BINARY_DIR}/cron/isinfetch
        DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/cron.d)
install(FILES config/default
        DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/${ISINFETCH_ENVIRONMENT_DIR} RENAME isinfetch)
install(FILES config/cron/anacrontab systemd/examples/container.conf systemd/examples/hourly.conf
              systemd/examples/laptop.conf
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
