# fish completion for truenas-monitor
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
        printf '%s\n' $answer
    end
end

for name in truenas-monitor kubectl-truenas_monitor
    complete -c $name -f -k -a '(__truenas_monitor_complete)'
end
