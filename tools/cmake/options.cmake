# Linked PRIVATE by each of our targets: language, warnings and the banned calls, said once.
add_library(project_options INTERFACE)
target_compile_features(project_options INTERFACE c_std_17)
target_compile_definitions(project_options INTERFACE _GNU_SOURCE HINOMI_VERSION="${PROJECT_VERSION}")
target_include_directories(project_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wvla
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wcast-qual -Wcast-align
  -Wwrite-strings -Wpointer-arith -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
  -Wnull-dereference -fno-common -fstack-protector-strong)
# A product and a sum are rounded one by one, as written: arm64 would fuse them, and the same capture would give other figures.
target_compile_options(project_options INTERFACE -ffp-contract=off)
# The sanitizers' own code sets off these two; the dev build holds ours to the first of them.
if(CMAKE_C_FLAGS MATCHES "-fsanitize" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_options INTERFACE -Wno-null-dereference -Wno-tsan)
endif()
# A function of ours must not stand in for one of that name in a library: jansson, too, has a json_null().
target_compile_options(project_options INTERFACE -fvisibility=hidden)
target_compile_options(project_options INTERFACE -include ${PROJECT_SOURCE_DIR}/tools/cmake/banned.h)

# layer(base LINKS dissectors …): one static library of all files in one folder. What it links
# is what it may include; tools/layers.txt says the same for the eye, and a test compares includes.
function(layer name)
  cmake_parse_arguments(LAYER "" "" "LINKS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC ${LAYER_LINKS} PRIVATE project_options ${LAYER_LIBRARIES})
endfunction()
