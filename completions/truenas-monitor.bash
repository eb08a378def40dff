# bash completion for truenas-monitor
# Load it with: source <(truenas-monitor autocomplete bash)

__truenas_monitor_complete() {
  local line=${COMP_LINE:0:COMP_POINT} answer directive candidate tail
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local typed=${words[${#words[@]} - 1]}
  answer=$("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null) || return
  directive=${answer##*$'\n':}
  [[ $answer == :* ]] && directive=${answer#:}
  # Bash takes = and : for the ends of words, and replaces only what is behind the last one.
  tail=${COMP_WORDS[COMP_CWORD]}
  [[ $tail == '=' || $tail == ':' ]] && tail=''
  local prefix=${typed%"$tail"}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    [[ $candidate == :* || -z $candidate ]] || COMPREPLY+=("${candidate#"$prefix"}")
  done <<<"$answer"
  if ((directive & 16)); then
    compopt -o dirnames
  elif ((!(directive & 4) && ${#COMPREPLY[@]} == 0)); then
    compopt -o default
  fi
  if ((directive & 2)); then compopt -o nospace; fi
}

complete -F __truenas_monitor_complete truenas-monitor kubectl-truenas_monitor
