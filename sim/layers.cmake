# SPDX-License-Identifier: GPL-2.0-or-later
# One static library a layer. tests/style holds the include order against the same names.

add_library(gbsim_flags INTERFACE)
target_include_directories(gbsim_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(gbsim_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion $<$<BOOL:${GBSIM_WERROR}>:-Werror>)
if(GBSIM_SANITIZE)
  target_compile_options(gbsim_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                               -fno-omit-frame-pointer)
  target_link_options(gbsim_flags INTERFACE -fsanitize=address,undefined)
endif()

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
endfunction()

# gbsim_unit_tests(LAYER [libraries...]): tests/unit/LAYER/*.cc as one doctest program, one CTest entry a case
function(gbsim_unit_tests layer)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${layer}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${layer} ${sources} ${PROJECT_SOURCE_DIR}/tests/support/main.cc)
  target_link_libraries(unit_${layer} PRIVATE gbsim_${layer} gbsim_test_support doctest::doctest ${ARGN})
  target_compile_options(unit_${layer} PRIVATE -O0)  # assertions compile slowly, and speed is not under test
  doctest_discover_tests(unit_${layer} TEST_PREFIX "unit.${layer}: " PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
