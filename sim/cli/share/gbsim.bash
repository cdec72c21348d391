# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of gbsim: commands, the options that its own help prints, and files.
_gbsim() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-}
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "run compare sweep validate point check plot report replay record fit ops bench tunables workloads placements help" -- "$word")
    return
  fi
  case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$("$1" "$command" --help 2>/dev/null | grep -o -- '--[a-z-]*')" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}
complete -o filenames -F _gbsim gbsim
