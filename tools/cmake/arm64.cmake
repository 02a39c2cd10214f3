# Builds for arm64 on another machine: the distribution's cross compiler, its libraries in a folder of their own
# (tests/firmware/arm64_sysroot makes it), and the emulator that runs what was built.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

get_filename_component(arm64_sysroot "${CMAKE_CURRENT_LIST_DIR}/../../build/arm64-sysroot" ABSOLUTE)
if(NOT EXISTS "${arm64_sysroot}/usr/lib/aarch64-linux-gnu")
  message(FATAL_ERROR "no arm64 libraries in ${arm64_sysroot}: run tests/firmware/arm64_sysroot first")
endif()
set(CMAKE_SYSROOT "${arm64_sysroot}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${arm64_sysroot}")
set(ENV{PKG_CONFIG_LIBDIR} "${arm64_sysroot}/usr/lib/aarch64-linux-gnu/pkgconfig:${arm64_sysroot}/usr/share/pkgconfig")

set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-aarch64-static;-L;${arm64_sysroot}")
