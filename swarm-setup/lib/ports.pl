# ports: whether Pis get through to each other at a Swarm's ports. Perl, which is on every Debian; runs on the Pis.
#
#   listen PORT/PROTOCOL...          answers at those that no program holds, and says which those are; until its input ends
#   ask ADDRESS PORT/PROTOCOL ...    says for each whether something answers
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
my $verb = shift;
if ($verb eq 'listen') { listen_at(@ARGV) }
else                   { ask(@ARGV) }

sub listen_at {
    my $inputs = IO::Select->new(\*STDIN);
    my %stream;
    for (@_) {
        my ($port, $protocol) = split '/';
        my $socket = IO::Socket::INET->new(LocalPort => $port, Proto => $protocol,
            $protocol eq 'tcp' ? (Listen => 16, ReuseAddr => 1) : ()) or next;
        $stream{$socket} = $protocol eq 'tcp';
        $inputs->add($socket);
        print "listening $_\n";
    }
    print "ready\n";
    # Ends by itself too, if a connection that broke leaves it alone.
    my $end = time + 30;
    while ((my $left = $end - time) > 0) {
        for my $input ($inputs->can_read($left)) {
            return if $input == \*STDIN;
            if ($stream{$input}) { my $connection = $input->accept }
            elsif (defined $input->recv(my $text, 16)) { $input->send($text) }
        }
    }
}

sub ask {
    while (my ($address, $name) = splice @_, 0, 2) {
        next if fork;
        my ($port, $protocol) = split '/', $name;
        my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => $protocol, Timeout => 3);
        my $answers = defined $socket;
        if ($answers && $protocol eq 'udp') {
            $answers = 0;
            # A datagram may get lost.
            for my $try (1 .. 3) {
                $socket->send('swarm');
                next unless IO::Select->new($socket)->can_read(1);
                $answers = 1 if defined $socket->recv(my $text, 16);
                last if $answers;
            }
        }
        print "$address $name ", ($answers ? 'answers' : 'silent'), "\n";
        exit;
    }
    1 while wait > 0;
}
