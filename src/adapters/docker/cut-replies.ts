/**
 * Replies that end before their end. docker-modem waits for the end alone, so a call whose reply is cut would be held up
 * until its deadline, which for a list freezes every decision.
 * Owns: making such a reply an error of its request. Must not know: what was asked, deadlines.
 */
import type { Agent, ClientRequest } from 'node:http';

/** What Node calls for every request of an agent. It is not documented; where it is missing, deadlines must do. */
interface Adding {
  addRequest?: (request: ClientRequest, ...rest: readonly unknown[]) => unknown;
}

/** The same agent, whose requests fail as soon as their reply is cut. */
export function failingOnCutReplies<Kind extends Agent>(agent: Kind): Kind {
  const adding = agent as Adding;
  const add = adding.addRequest;
  if (typeof add !== 'function') return agent;
  adding.addRequest = (request, ...rest) => {
    request.once('response', (response) => {
      response.once('close', () => {
        // Whoever ended it himself, a stream or a call past its deadline, has stopped listening.
        if (!response.complete) request.emit('error', new Error('the reply was cut'));
      });
    });
    return add.call(agent, request, ...rest);
  };
  return agent;
}
