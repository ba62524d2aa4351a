# ports: whether Pis get through to each other at the ports of a Swarm. In Perl, which every Debian has; runs on the Pis.
#
#   listen PORT/PROTOCOL...   answers at those that no other program uses, and says which; until its input ends
#   ask                       reads lines ADDRESS PORT/PROTOCOL and says for each whether something answers
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

$| = 1;
my $verb = shift;
if ($verb eq 'listen') { listen_at(@ARGV) }
else                   { ask() }

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
    # A limit of its own, in case the connection breaks.
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
    # All of them first: a child that ends moves the place in a file that it shares.
    my @questions = <STDIN>;
    for (@questions) {
        my ($address, $name) = split;
        next if fork;
        my ($port, $protocol) = split '/', $name;
        my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => $protocol, Timeout => 3);
        my $answers = defined $socket;
        if ($answers && $protocol eq 'udp') {
            $answers = 0;
            # The network may lose a datagram.
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
