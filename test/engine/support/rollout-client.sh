# Sends requests to $ALIAS without end, $WORKERS at a time. Each looks the name up afresh and tries the addresses that it
# was told one after the other. One line for each request:
#   served <how many addresses turned it away before> <version>
#   refused <by how many addresses: by all that there were>
#   broken <how many addresses turned it away before> <what came instead of an answer>
# Turned away: no connection, or one that was closed without a single byte (the kernel shakes hands for a server that
# shuts its door before it opens to whoever waits there; no server can help that).
send_one() {
  turned_away=0
  for address in $(nslookup "$ALIAS" 2>/dev/null | sed -n '1,/^Name:/d; s/^Address.*: *//p'); do
    answer=$(printf 'GET /cgi-bin/answer HTTP/1.0\r\n\r\n' | timeout 10 nc -w 1 "$address" 9000 2>&1)
    version=${answer##*ends }
    case $answer in
      *"begins $version"*"ends $version")
        echo "served $turned_away $version"
        return
        ;;
      '' | "nc: can't connect"* | 'nc: timed out'*)
        turned_away=$((turned_away + 1))
        ;;
      *)
        echo "broken $turned_away $(echo "$answer" | tr -s '\r\n' '  ')"
        return
        ;;
    esac
  done
  echo "refused $turned_away"
}

trap 'exit 0' TERM
worker=0
while [ "$worker" -lt "$WORKERS" ]; do
  while :; do send_one; done &
  worker=$((worker + 1))
done
wait
