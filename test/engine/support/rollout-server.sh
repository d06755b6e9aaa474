# A server in miniature: it says its $VERSION in two halves, $WORK_S apart, on port 9000; /health says that it is there.
# Told to stop it lets nobody in any more, answers those whom it has let in, and ends, after $LINGER_S if it is given.
mkdir -p /www/cgi-bin
echo ok >/www/health
cat >/www/cgi-bin/answer <<'CGI'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\nbegins %s\n' "$VERSION"
sleep "$WORK_S"
echo "ends $VERSION"
CGI
chmod +x /www/cgi-bin/answer

# The server has a process of its own for each request: the one at the door may go before the others have done.
trap 'kill "$door"' TERM
httpd -f -p 9000 -h /www &
door=$!
echo "version $VERSION serves"
wait "$door"
while pidof httpd >/dev/null; do sleep 0.05; done
sleep "${LINGER_S:-0}"
echo "version $VERSION has answered everybody"
