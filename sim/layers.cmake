# SPDX-License-Identifier: GPL-2.0-or-later
# One static library a layer. tests/style holds the include order against the same names.

add_library(gbsim_flags INTERFACE)
target_include_directories(gbsim_flags INTERFACE ${PROJECT_SOURCE_DIR})
# Warnings are errors for the compilers whose warnings were seen; a newer one has others.
target_compile_options(gbsim_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion
    $<$<AND:$<BOOL:${GBSIM_WERROR}>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Werror>)
if(GBSIM_SANITIZE)
  target_compile_options(gbsim_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                               -fno-omit-frame-pointer)
  target_link_options(gbsim_flags INTERFACE -fsanitize=address,undefined)
endif()

# Most of a compiler's time here went into parsing these, hundreds of times over. Each file still includes what it uses:
# -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds too.
set(GBSIM_COMMON_HEADERS <algorithm> <array> <bit> <cmath> <cstdint> <filesystem> <fstream> <functional> <iterator>
    <limits> <map> <memory> <numeric> <optional> <span> <string> <string_view> <utility> <vector> <fmt/format.h>)

# gbsim_precompiled(NAME HEADERS...): headers parsed once, for targets with the same options and REUSE_FROM NAME
function(gbsim_precompiled name)
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE gbsim_flags fmt::fmt)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
gbsim_precompiled(gbsim_common ${GBSIM_COMMON_HEADERS})

# Sources and tests of these layers are compiled six files at a time: no two have names of their own in common.
set(GBSIM_JOINED_SOURCES base mm reclaim metrics watch replay demand)
set(GBSIM_JOINED_TESTS base metrics report watch engine demand bench cli)
# gbsim_join(TARGET NAME LAYERS...): so for the target, if its layer NAME is among them
function(gbsim_join target name)
  if(GBSIM_JOIN AND name IN_LIST ARGN)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
endfunction()

# gbsim_layer(NAME [layers and libraries it may use...])
function(gbsim_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sim/${name}/*.cc)
  if(NOT sources)
    add_library(gbsim_${name} INTERFACE)
    target_link_libraries(gbsim_${name} INTERFACE gbsim_flags ${ARGN})
    return()
  endif()
  add_library(gbsim_${name} STATIC ${sources})
  target_link_libraries(gbsim_${name} PUBLIC gbsim_flags ${ARGN})
  target_precompile_headers(gbsim_${name} REUSE_FROM gbsim_common)
  gbsim_join(gbsim_${name} ${name} ${GBSIM_JOINED_SOURCES})
endfunction()

gbsim_precompiled(gbsim_test_common ${GBSIM_COMMON_HEADERS} <doctest/doctest.h>)
target_compile_options(gbsim_test_common PRIVATE -O0)
add_library(gbsim_doctest_main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/main.cc)
target_link_libraries(gbsim_doctest_main PUBLIC doctest::doctest)
target_compile_options(gbsim_doctest_main PRIVATE -O0)

# gbsim_unit_tests(LAYER [libraries...]): tests/unit/LAYER/*.cc as one doctest program, one CTest entry a case
function(gbsim_unit_tests layer)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${layer}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${layer} ${sources})
  target_link_libraries(unit_${layer} PRIVATE gbsim_${layer} gbsim_test_support gbsim_doctest_main ${ARGN})
  target_compile_options(unit_${layer} PRIVATE -O0)  # assertions compile slowly, and speed is not under test
  target_precompile_headers(unit_${layer} REUSE_FROM gbsim_test_common)
  gbsim_join(unit_${layer} ${layer} ${GBSIM_JOINED_TESTS})
  doctest_discover_tests(unit_${layer} TEST_PREFIX "unit.${layer}: " PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
