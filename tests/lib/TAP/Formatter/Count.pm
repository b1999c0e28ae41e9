package TAP::Formatter::Count;

# The console formatter of prove, with what failed tests said, the skipped ones named, and a last line
# that counts:
#
#     PERL5LIB=tests/lib prove --formatter TAP::Formatter::Count tests/...
#     N passed, N failed, N skipped
#
# A skipped or TODO test counts as skipped only. A file that is at fault without a failing test (it
# died, its plan is wrong, its status is not 0) counts as one failure.

use strict;
use warnings;

use parent 'TAP::Formatter::Console';

sub open_test {
    my ($self, $name, $parser) = @_;

    $parser->callback(test => sub {
        my ($result) = @_;
        return unless $result->has_skip || $result->has_todo;
        my $test = $result->description =~ s/^- //r || 'test ' . $result->number;
        my $mark = $result->has_todo ? 'TODO: ' : '';
        push @{ $self->{skips}{$name} }, [$test, $mark . $result->explanation];
    });
    my $failing;
    $parser->callback(ALL => sub {
        my ($result) = @_;
        $failing = !$result->is_ok if $result->is_test;
        push @{ $self->{said} }, "$name: " . $result->as_string . "\n"
            if $failing && ($result->is_test || $result->is_comment);
    });
    return $self->SUPER::open_test($name, $parser);
}

sub summary {
    my ($self, $aggregate, @rest) = @_;

    $self->SUPER::summary($aggregate, @rest);
    return if $self->silent;

    my ($passed, $failed, $skipped) = (0, 0, 0);
    my @lines;
    for my $name ($aggregate->descriptions) {
        my ($parser) = $aggregate->parsers($name);
        my @skips = @{ $self->{skips}{$name} || [] };
        my @failures = $parser->failed;

        push @skips, ['all tests', $parser->skip_all] if $parser->skip_all;
        push @lines, map { "skipped: $name: $_->[0]: " . ($_->[1] || 'no reason given') . "\n" } @skips;
        my %not_run = map { $_ => 1 } $parser->skipped, $parser->todo;
        $passed += grep { !$not_run{$_} } $parser->passed;
        $failed += @failures || ($parser->has_problems ? 1 : 0);
        $skipped += @skips;
    }
    $self->_output($_) for @{ $self->{said} || [] }, @lines;
    $self->_output("$passed passed, $failed failed" . ($skipped ? ", $skipped skipped" : '') . "\n");
    return;
}

1;
