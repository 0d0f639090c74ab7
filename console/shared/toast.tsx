/** Messages that go away by themselves, and questions before what cannot be undone. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { inWords } from './api';

const bus = new EventTarget();

interface Question { text: string; yes: string; no: string; answer: (sure: boolean) => void }

/** Shows a message for some seconds; screen readers read it aloud. */
export const say = (text: string): void => { bus.dispatchEvent(new CustomEvent('say', { detail: text })); };

/** Asks before something that cannot be undone. */
export const isSure = (text: string, yes: string, no = 'Cancel'): Promise<boolean> => new Promise((answer) => {
  bus.dispatchEvent(new CustomEvent<Question>('ask', { detail: { text, yes, no, answer } }));
});

export function Messages() {
  const [text, setText] = useState('');
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => {
    let timer = 0;
    const show = (event: Event) => {
      setText((event as CustomEvent<string>).detail);
      clearTimeout(timer);
      timer = window.setTimeout(() => setText(''), 8000);
    };
    const put = (event: Event) => setQuestion((event as CustomEvent<Question>).detail);
    const fail = ({ reason }: PromiseRejectionEvent) => say(inWords(reason));
    bus.addEventListener('say', show);
    bus.addEventListener('ask', put);
    addEventListener('unhandledrejection', fail);
    return () => {
      clearTimeout(timer);
      bus.removeEventListener('say', show);
      bus.removeEventListener('ask', put);
      removeEventListener('unhandledrejection', fail);
    };
  }, []);
  return (
    <>
      <p class="toast" role="status">{text}</p>
      {question && <Sure question={question} done={() => setQuestion(null)} />}
    </>
  );
}

function Sure({ question, done }: { question: Question; done: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    cancel.current?.focus();
  }, []);
  const close = () => {
    question.answer(dialog.current?.returnValue === 'yes');
    done();
  };
  return (
    <dialog ref={dialog} aria-label={question.text} onClose={close}>
      <p>{question.text}</p>
      <div class="actions">
        <button type="button" class="button bad" onClick={() => dialog.current?.close('yes')}>{question.yes}</button>
        <button type="button" class="button second" ref={cancel} onClick={() => dialog.current?.close('')}>{question.no}</button>
      </div>
    </dialog>
  );
}
