import { describe, expect, it } from 'vitest';
import { addedSourceHash } from '../setup/build-binding.js';
import type { SetupManifest } from '../setup/setup-folder.js';
import { describeSetup, isOutdated } from './tensorflow-setup.js';

const setup = (bindingSource: string, cuda = false) => {
  const manifest: SetupManifest = {
    tensorflow: '2.21.0',
    tfjsNode: '4.22.0',
    package: cuda ? 'node-gpu' : 'node',
    cuda,
    napi: 8,
    bindingSource,
    files: {},
  };
  return { folder: '/c/midtrain/tensorflow', manifest };
};

describe('a set-up', () => {
  it('is described', () => {
    const current = setup(addedSourceHash());
    expect(isOutdated(current)).toBe(false);
    expect(describeSetup(current)).toBe(
      'TensorFlow 2.21.0 under tfjs-node 4.22.0, set up in /c/midtrain/tensorflow',
    );
  });

  it('says how to renew a binding that another version of midtrain has built', () => {
    const older = setup('0'.repeat(64), true);
    expect(isOutdated(older)).toBe(true);
    expect(describeSetup(older)).toMatch(
      /its binding is another midtrain's.*setup tensorflow --cuda` again$/,
    );
  });
});
