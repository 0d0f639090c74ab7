"""`optiq completion`: the script that completes commands and options in a shell."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print a script that completes commands in a shell.

    bash: add `eval "$(optiq completion bash)"` to ~/.bashrc. zsh: the same with zsh, in ~/.zshrc. fish: write it to
    ~/.config/fish/completions/optiq.fish.
    """
    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if kind is None:
        raise click.UsageError(f"no script for {shell}")
    click.echo(kind(root, {}, "optiq", "_OPTIQ_COMPLETE").source())
