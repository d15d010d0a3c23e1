/** TensorFlow that is set up; its wheels carry libtensorflow and the headers. */
export const TENSORFLOW_VERSION = '2.21.0';

/** The tfjs package whose JavaScript and binding are used. */
export const TFJS_NODE_VERSION = '4.22.0';

/** N-API version that the binding is built for: Node 20 and later have it. */
export const NAPI_VERSION = 8;

/** Which npm package's JavaScript and binding are used. They hold the same sources. */
export type TfjsNodePackage = 'node' | 'node-gpu';

/** A tarball of the npm registry, pinned by content. */
export interface NpmDistribution {
  readonly name: string;
  readonly version: string;
  /** As npm writes it: sha512 in base64. */
  readonly integrity: string;
}

/** A wheel of PyPI, pinned by content. */
export interface WheelDistribution {
  readonly name: string;
  readonly version: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

const TFJS_NODE: Readonly<Record<TfjsNodePackage, NpmDistribution>> = {
  node: {
    name: '@tensorflow/tfjs-node',
    version: TFJS_NODE_VERSION,
    integrity:
      'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  },
  'node-gpu': {
    name: '@tensorflow/tfjs-node-gpu',
    version: TFJS_NODE_VERSION,
    integrity:
      'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
  },
};

/** Headers of N-API, so that no Node installation needs to have its own. */
const NODE_HEADERS: NpmDistribution = {
  name: 'node-api-headers',
  version: '1.9.0',
  integrity:
    'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};

/** The one dependency of the backend's JavaScript that is not in tfjs itself. */
const PROTOBUF: NpmDistribution = {
  name: 'google-protobuf',
  version: '3.21.4',
  integrity:
    'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
};

/** What is fetched from the npm registry. */
export const npmDistributions = (tfjsNode: TfjsNodePackage) =>
  ({ tfjsNode: TFJS_NODE[tfjsNode], headers: NODE_HEADERS, protobuf: PROTOBUF }) as const;

const CPU_WHEELS: readonly WheelDistribution[] = [
  {
    name: 'tensorflow-cpu',
    version: TENSORFLOW_VERSION,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
];

const nvidia = (name: string, version: string, sha256: string): WheelDistribution => ({
  name: `nvidia-${name}-cu12`,
  version,
  sha256,
});

/** The CUDA wheel and what its extra `and-cuda` asks for. */
const CUDA_WHEELS: readonly WheelDistribution[] = [
  {
    name: 'tensorflow',
    version: TENSORFLOW_VERSION,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
  nvidia('cublas', '12.9.3.13', 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
  nvidia('cuda-cupti', '12.9.79', '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'),
  nvidia('cuda-nvcc', '12.9.86', '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
  nvidia('cuda-nvrtc', '12.9.86', '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
  nvidia('cuda-runtime', '12.9.79', '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
  nvidia('cudnn', '9.28.0.42', '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
  nvidia('cufft', '11.4.1.4', 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
  nvidia('curand', '10.3.10.19', '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
  nvidia('cusolver', '11.7.5.82', '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
  nvidia('cusparse', '12.5.10.65', '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
  nvidia('nccl', '2.32.3', 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
  nvidia('nvjitlink', '12.9.86', 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
];

/** What is fetched from PyPI. */
export const wheelDistributions = (cuda: boolean): readonly WheelDistribution[] =>
  cuda ? CUDA_WHEELS : CPU_WHEELS;

/** Disk that a set-up takes while it works, in GB: downloads, and what is unpacked from them. */
export const neededDisk = (cuda: boolean): number => (cuda ? 9 : 2.5);
