# SPDX-License-Identifier: GPL-2.0-or-later
# Files as constants of a layer. As a script (-DOUT=FILE.cc -DNAMES=a;b -DPATHS=/a;/b) it writes the C++ file.

# gbsim_embed(LAYER NAME PATH [NAME PATH...]): web_asset("NAME") gives the bytes of PATH.
function(gbsim_embed layer)
  set(names "")
  set(paths "")
  while(ARGN)
    list(POP_FRONT ARGN name path)
    list(APPEND names ${name})
    list(APPEND paths ${path})
  endwhile()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${layer}_assets.cc)
  set(script ${PROJECT_SOURCE_DIR}/sim/embed.cmake)
  add_custom_command(OUTPUT ${out} DEPENDS ${paths} ${script} VERBATIM
                     COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DNAMES=${names}" "-DPATHS=${paths}" -P ${script})
  target_sources(gbsim_${layer} PRIVATE ${out})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND OUT)
  set(arrays "")
  set(rows "")
  foreach(name path IN ZIP_LISTS NAMES PATHS)
    file(READ ${path} bytes HEX)
    string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(MAKE_C_IDENTIFIER ${name} id)
    string(APPEND arrays "constexpr unsigned char k_${id}[] = {\n${bytes}};\n")
    string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(k_${id}), sizeof(k_${id})}},\n")
  endforeach()
  file(WRITE ${OUT} "// Written by sim/embed.cmake.
#include \"sim/report/web_asset.h\"\n
#include \"sim/base/check.h\"\n
namespace gbsim {\nnamespace {\n
${arrays}
struct Row {\n  std::string_view name;\n  std::string_view bytes;\n};\n
const Row kRows[] = {\n${rows}};\n
}  // namespace\n
std::string_view web_asset(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) {
      return row.bytes;
    }
  }
  GBSIM_CHECK(false);
  return {};
}\n
}  // namespace gbsim\n")
endif()
