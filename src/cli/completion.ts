/** Shells that a completion script can be printed for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Whether a completion script can be printed for this shell. */
export function isShell(name: string): name is Shell {
  return shells.some((one) => one === name);
}

/** The part of a command that completion needs: its options as they are typed, and words that may follow it. */
export type CompletedCommand = {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
  readonly words: readonly string[];
  readonly takesFiles: boolean;
};

/**
 * Returns the completion script for one shell. Names of commands and options consist only of letters, digits and dashes, so they are not
 * escaped.
 */
export function completionScript(shell: Shell, program: string, commands: readonly CompletedCommand[]): string {
  return SCRIPTS[shell](program, commands);
}

const SCRIPTS = { bash, zsh, fish } satisfies Record<Shell, (program: string, commands: readonly CompletedCommand[]) => string>;

function bash(program: string, commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    ({ name, options, words, takesFiles }) =>
      `    ${name}) COMPREPLY=($(compgen -W "${[...options, ...words].join(' ')}" -- "$cur")${takesFiles ? ' $(compgen -f -- "$cur")' : ''}) ;;`,
  );
  return `# bash completion of ${program}. With npx: alias ${program}='npx ${program}'
_${program}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -o default -F _${program} ${program}
`;
}

function zsh(program: string, commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    ({ name, options, words, takesFiles }) =>
      `    ${name}) compadd -- ${[...options, ...words].join(' ')}${takesFiles ? '; _files' : ''} ;;`,
  );
  return `#compdef ${program}
# zsh completion of ${program}. With npx: alias ${program}='npx ${program}'
_${program}() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, description }) => `      '${name}:${quoted(description)}'`).join('\n')}
    )
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_${program}" ]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function fish(program: string, commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options, words, takesFiles }) => [
    `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d '${quoted(description)}'`,
    ...options
      .filter((one) => one.startsWith('--'))
      .map((one) => `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' -l ${one.slice(2)}`),
    ...words.map((one) => `complete -c ${program} -f -n '__fish_seen_subcommand_from ${name}' -a ${one}`),
    ...(takesFiles ? [`complete -c ${program} -F -n '__fish_seen_subcommand_from ${name}'`] : []),
  ]);
  return `# fish completion of ${program}. With npx: alias ${program}='npx ${program}'\n${lines.join('\n')}\n`;
}

/** Escapes a text inside single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', ' ');
}
