import { type Shell } from './shells.ts';

/*
 * One script for each shell. None of them knows a command or a flag: each asks the program what may stand where the cursor is, so
 * that no script is ever older than what it completes. The number in the answer's last line is cobra's.
 */

const BASH = `# bash completion for truenas-monitor
# Load it with: source <(truenas-monitor autocomplete bash)

__truenas_monitor_complete() {
  local line=\${COMP_LINE:0:COMP_POINT} answer directive candidate tail
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local typed=\${words[\${#words[@]} - 1]}
  answer=$("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null) || return
  directive=\${answer##*$'\\n':}
  [[ $answer == :* ]] && directive=\${answer#:}
  # Bash takes = and : for the ends of words, and replaces only what is behind the last one.
  tail=\${COMP_WORDS[COMP_CWORD]}
  [[ $tail == '=' || $tail == ':' ]] && tail=''
  local prefix=\${typed%"$tail"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    [[ $candidate == :* || -z $candidate ]] || COMPREPLY+=("\${candidate#"$prefix"}")
  done <<<"$answer"
  if ((directive & 16)); then
    compopt -o dirnames
  elif ((!(directive & 4) && \${#COMPREPLY[@]} == 0)); then
    compopt -o default
  fi
  if ((directive & 2)); then compopt -o nospace; fi
}

complete -F __truenas_monitor_complete truenas-monitor kubectl-truenas_monitor
`;

const ZSH = `#compdef truenas-monitor kubectl-truenas_monitor
# zsh completion for truenas-monitor
# Load it with: source <(truenas-monitor autocomplete zsh)

_truenas_monitor() {
  local answer line directive value
  local -a candidates
  answer=$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null) || return 1
  for line in "\${(@f)answer}"; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    elif [[ -n $line ]]; then
      value=\${line%%$'\\t'*}
      value=\${value//:/\\\\:}
      if [[ $line == *$'\\t'* ]]; then
        candidates+=("$value:\${line#*$'\\t'}")
      else
        candidates+=("$value")
      fi
    fi
  done
  if (( directive & 16 )); then
    _files -/
  elif (( \${#candidates} == 0 && ! (directive & 4) )); then
    _files
  elif (( directive & 2 )); then
    _describe -V 'truenas-monitor' candidates -S ''
  else
    _describe -V 'truenas-monitor' candidates
  fi
}

if [[ $funcstack[1] == _truenas_monitor ]]; then
  _truenas_monitor "$@"
else
  compdef _truenas_monitor truenas-monitor kubectl-truenas_monitor
fi
`;

const FISH = `# fish completion for truenas-monitor
# Load it with: truenas-monitor autocomplete fish | source

function __truenas_monitor_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] complete -- $words[2..-1] $current 2>/dev/null)
    or return
    set -l directive (string replace -r '^:' '' -- $answer[-1])
    set -e answer[-1]
    if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories $current
    else if test (count $answer) -eq 0; and test (math "bitand($directive, 4)") -eq 0
        __fish_complete_path $current
    else
        printf '%s\\n' $answer
    end
end

for name in truenas-monitor kubectl-truenas_monitor
    complete -c $name -f -k -a '(__truenas_monitor_complete)'
end
`;

const POWERSHELL = `# PowerShell completion for truenas-monitor
# Load it with: truenas-monitor autocomplete powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'truenas-monitor', 'kubectl-truenas_monitor' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $program = $elements[0]
    $words = @($elements | Select-Object -Skip 1)
    if ($wordToComplete -eq '') { $words += '""' }
    & $program complete '--' @words 2>$null | Where-Object { $_ -and -not $_.StartsWith(':') } | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
`;

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};

/** The completion script of a shell. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

/** kubectl runs this to complete the plug-in: it hands over the words, and reads cobra's answer. */
export const KUBECTL_SCRIPT = `#!/bin/sh
# Completion of kubectl truenas-monitor: put this on the PATH as kubectl_complete-truenas_monitor.
exec kubectl-truenas_monitor complete -- "$@"
`;
