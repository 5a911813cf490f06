// What pkg/ready.js gives the core, without the loading.
export function provided(open, ChatThreadClient) {
  return (host, credential, endpoint, clientOptions) => {
    const opened = open({ host, credential, endpoint, clientOptions, ChatThreadClient });
    return (waits, method, ...args) => {
      const answer = opened.then((local) => local[method](...args));
      if (!waits) answer.catch(() => undefined);
      return answer;
    };
  };
}
